// The status region: any script, or the server by HX-Trigger, says {text, kind, note, link, label} in the event "lectern:toast"; a note follows the text and is another each time; the link opens a new window. data-dismiss takes a message away.
{
  const stay = 8000; // milliseconds; errors stay until dismissed

  const say = ({ text, kind, note, link, label }) => {
    const region = document.getElementById("toasts");
    const known = [...region.querySelectorAll(".toast")].find((toast) => toast.querySelector("p").firstChild.textContent === text);
    if (!text || (known && !note)) return;
    known?.remove();
    const toast = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
    const said = toast.querySelector("p");
    said.textContent = text;
    if (note) said.append(" ", note);
    if (link) said.append(" ", Object.assign(document.createElement("a"), { href: link, textContent: label, target: "_blank", rel: "noopener" }));
    if (kind) toast.dataset.kind = kind;
    region.append(toast);
  };
  document.addEventListener("lectern:toast", (event) => say(event.detail));

  document.addEventListener("click", (event) => {
    const gone = event.target.closest("[data-dismiss], .toast a")?.closest(".toast, .alert");
    if (gone?.contains(document.activeElement)) document.getElementById("main")?.focus({ preventScroll: true });
    gone?.remove();
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
