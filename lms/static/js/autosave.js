// <form data-autosave="address"> keeps what is typed: in this browser at once, on the server after a pause; an
// <output data-autosave-state> in it says when that arrived. `seen` tells the server which state the window began from.
// Who sends the form otherwise waits for `form.keeping`, the request on its way, and reports a failure by "lectern:unsaved".
const lecternAutosave = (form) => {
  const data = form.dataset, stored = `autosave:${data.autosaveKey}`, state = form.querySelector("[data-autosave-state]");
  const names = () => [...new FormData(form)].filter(([name, value]) => name !== "csrf_token" && typeof value === "string");
  const typed = () => JSON.stringify(names().filter(([name]) => name !== "seen"));
  const say = (text) => { if (state && state.textContent !== text) state.textContent = text; };
  const local = (act) => { try { return act(localStorage); } catch { return null; } }; // storage may be off
  let kept = typed(), timer = 0, saving = false, refused = false;

  const keep = (leaving = false) => {
    clearTimeout(timer);
    if (!saving && !refused && typed() !== kept && form.isConnected) form.keeping = send(leaving);
  };
  const send = async (leaving) => {
    const sent = typed(), body = new URLSearchParams(names());
    local((store) => store.setItem(stored, JSON.stringify(names())));
    saving = true;
    try {
      const headers = { Accept: "application/json", "X-CSRFToken": form.elements.csrf_token.value };
      const keepalive = leaving && body.toString().length < 60000; // a request that outlives its page may carry 64 kB
      const answer = await fetch(data.autosave, { method: "POST", body, headers, keepalive });
      if (answer.redirected || answer.status === 400 || answer.status === 401) throw new Error("out");
      if (answer.status >= 500 || answer.status === 429) throw new Error(answer.status);
      const said = await answer.json();
      if (answer.ok) {
        form.elements.seen.value = said.seen;
        kept = sent;
        if (typed() === kept) local((store) => store.removeItem(stored));
        say(data.saidSaved.replace("%(time)s", new Date(said.saved_at).toLocaleTimeString(`${document.documentElement.lang}-u-nu-latn`, { hourCycle: "h23" })));
      } else {
        refused = answer.status === 409;
        say(said.message);
        kept = refused ? kept : sent;
      }
    } catch (error) {
      say(error.message === "out" ? data.saidOut : data.saidKept);
      timer = setTimeout(keep, 10000);
    }
    saving = false;
    if (!refused && typed() !== sent) later();
  };
  const later = () => { clearTimeout(timer); timer = setTimeout(keep, 1500); };

  form.addEventListener("input", later);
  form.addEventListener("focusout", () => keep());
  // Kept until the next visit shows that it arrived: somebody who is signed out meanwhile would lose it.
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    local((store) => store.setItem(stored, JSON.stringify([...names(), ["sent", "1"]])));
    kept = typed();
  });
  form.addEventListener("lectern:unsaved", () => { kept = null; later(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep(true); });
  addEventListener("online", () => keep());
  addEventListener("beforeunload", (event) => { if (form.isConnected && typed() !== kept) { keep(true); event.preventDefault(); } });

  const left = new Map(JSON.parse(local((store) => store.getItem(stored)) ?? "[]"));
  const hasMoved = left.get("seen") !== form.elements.seen.value;
  local((store) => store.removeItem(stored));
  if (!left.size || (left.get("sent") && hasMoved)) return;
  for (const [name, value] of left) if (name !== "sent" && form.elements[name]) form.elements[name].value = value;
  if (typed() === kept) return;
  say(data.saidRestored);
  form.dispatchEvent(new Event("input", { bubbles: true }));
};
document.querySelectorAll("form[data-autosave]").forEach(lecternAutosave);
