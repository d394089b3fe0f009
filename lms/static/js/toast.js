// The status region: any script, or the server by HX-Trigger, says {text, kind, link, label} in the event "lectern:toast"; the link opens a new window. data-dismiss takes a message away.
{
  const stay = 8000; // milliseconds; errors stay until dismissed

  const say = ({ text, kind, link, label }) => {
    const region = document.getElementById("toasts");
    const known = [...region.querySelectorAll("p")].some((said) => said.firstChild.textContent === text);
    if (!text || known) return;
    const toast = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
    const said = toast.querySelector("p");
    said.textContent = text;
    if (link) said.append(" ", Object.assign(document.createElement("a"), { href: link, textContent: label, target: "_blank", rel: "noopener" }));
    if (kind) toast.dataset.kind = kind;
    region.append(toast);
  };
  document.addEventListener("lectern:toast", (event) => say(event.detail));

  document.addEventListener("click", (event) => {
    event.target.closest("[data-dismiss], .toast a")?.closest(".toast, .alert").remove();
  });

  // Also for toasts that came in an answer of the server.
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const toast of addedNodes) {
        if (toast.nodeType === 1 && toast.dataset.kind !== "danger") setTimeout(() => toast.remove(), stay);
      }
    }
  }).observe(document.getElementById("toasts"), { childList: true });
}
