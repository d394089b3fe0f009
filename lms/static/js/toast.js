// The status region: any script, or the server by HX-Trigger, says {text, kind, note, link, label} in the event "lectern:toast"; a note follows the text and is another each time; the link opens a new window. data-dismiss takes a message away,
// and so does the element that failed, once its next request is answered.
{
  const stay = 8000; // milliseconds; errors stay until dismissed
  const owners = new WeakMap(); // toast -> the elements whose requests it is about

  const toasts = () => document.querySelectorAll("#toasts .toast");
  const say = ({ text, kind, note, link, label }, owner) => {
    const region = document.getElementById("toasts");
    const known = [...toasts()].find((toast) => toast.querySelector("p").firstChild.textContent === text);
    if (!text) return;
    const theirs = (known && owners.get(known)) ?? new Set();
    theirs.add(owner);
    if (known && !note) return;
    known?.remove();
    const toast = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
    const said = toast.querySelector("p");
    said.textContent = text;
    if (note) said.append(" ", note);
    if (link) said.append(" ", Object.assign(document.createElement("a"), { href: link, textContent: label, target: "_blank", rel: "noopener" }));
    if (kind) toast.dataset.kind = kind;
    owners.set(toast, theirs);
    region.append(toast);
  };
  document.addEventListener("lectern:toast", ({ detail, target }) => say(detail, target));
  // An answer that says nothing of its own: what failed before works, or says in its place what is wrong.
  document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
    if (ctx.response.status > (ctx.hx.trigger ? 399 : 499)) return;
    for (const toast of toasts()) {
      const theirs = owners.get(toast);
      if (theirs?.delete(ctx.sourceElement) && ![...theirs].some((owner) => owner.isConnected)) toast.remove();
    }
  });

  document.addEventListener("click", (event) => {
    const gone = event.target.closest("[data-dismiss], .toast a")?.closest(".toast, .alert");
    if (gone?.contains(document.activeElement)) document.getElementById("main")?.focus({ preventScroll: true });
    gone?.remove();
  });

  // Also for toasts that came in an answer of the server.
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const toast of addedNodes) {
        if (toast.nodeType === 1 && !["danger", "lost"].includes(toast.dataset.kind)) setTimeout(() => toast.remove(), stay);
      }
    }
  }).observe(document.getElementById("toasts"), { childList: true });
}
