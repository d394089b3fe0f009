// Says it when the network goes and comes, and when a request of htmx fails without an answer to show.
{
  const say = (name, kind) => document.dispatchEvent(new CustomEvent("lectern:toast", { detail: { text: document.body.dataset[name], kind } }));
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
  // What asks by itself and asks again says nothing.
  const isQuiet = ({ detail }) => detail?.ctx?.sourceElement?.closest('[data-quiet], [hx-trigger^="every"]');
  // What went wrong with an answer the answer says itself; here it is about no answer at all, or a broken server.
  document.addEventListener("htmx:error", (event) => {
    if (isQuiet(event)) return;
    if (navigator.onLine) say("failed", "danger");
    else offline();
  });
  // While the server restarts, answers may be a proxy's; the page keeps what it shows (noSwap in layouts/base.html).
  document.addEventListener("htmx:response:error", (event) => {
    const { response, hx } = event.detail.ctx;
    if (response.status > 501 && !hx.trigger && !isQuiet(event)) say("failed", "danger");
  });
}
