// The status region: any script, or the server by HX-Trigger, says {text, kind} in the event "lectern:toast". data-dismiss takes a message away.
{
  const stay = 8000; // milliseconds; errors stay until dismissed

  const say = ({ text, kind }) => {
    const region = document.getElementById("toasts");
    const known = [...region.children].some((toast) => toast.textContent.trim() === text);
    if (!text || known) return;
    const toast = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
    toast.querySelector("p").textContent = text;
    if (kind) toast.dataset.kind = kind;
    region.append(toast);
  };
  document.addEventListener("lectern:toast", (event) => say(event.detail));

  document.addEventListener("click", (event) => {
    event.target.closest("[data-dismiss]")?.closest(".toast, .alert").remove();
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
