// Says it when the network goes and comes, when a request of htmx fails without an answer to show, and when what asks by
// itself is not answered for a while.
{
  const say = (name, kind, { sourceElement: from } = {}) =>
    (from?.isConnected ? from : document).dispatchEvent(new CustomEvent("lectern:toast", { bubbles: true, detail: { text: document.body.dataset[name], kind } }));
  let away = false;

  const offline = () => {
    away = true;
    say("offline", "danger");
  };
  addEventListener("offline", offline);
  addEventListener("online", () => {
    if (!away) return;
    away = false;
    document.querySelectorAll('.toast[data-kind="danger"]').forEach((toast) => toast.remove());
    say("online");
  });
  // What asks by itself and asks again says nothing; that nobody answers it, once.
  const patience = 10000; // milliseconds: as long as a server may take to restart
  let unanswered = 0, since = 0, isLost = false;
  const isQuiet = ({ detail }) => {
    if (!detail?.ctx?.sourceElement?.closest('[data-quiet], [hx-trigger^="every"]')) return false;
    if (!unanswered++) since = Date.now();
    if (!isLost && !away && unanswered > 2 && Date.now() - since >= patience) {
      isLost = true;
      say("lost", "lost");
    }
    return true;
  };
  document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
    if (ctx.response.status > 501) return;
    unanswered = 0;
    isLost = false;
    document.querySelector('.toast[data-kind="lost"]')?.remove();
  });
  // What went wrong with an answer the answer says itself; here it is about no answer at all, or a broken server.
  document.addEventListener("htmx:error", (event) => {
    if (isQuiet(event)) return;
    if (navigator.onLine) say("failed", "danger", event.detail.ctx);
    else offline();
  });
  // While the server restarts, answers may be a proxy's; the page keeps what it shows (noSwap in layouts/base.html).
  document.addEventListener("htmx:response:error", (event) => {
    const { response, hx } = event.detail.ctx;
    if (response.status > 501 && !hx.trigger && !isQuiet(event)) say("failed", "danger", event.detail.ctx);
  });
}
