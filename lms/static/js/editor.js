// The editor of course texts: a preview from the server, and drafts that are kept while one types; the toolbar is in
// markdown-tools.js. Without scripts the form saves, and a button keeps the draft.
const lecternEditor = (form) => {
  const body = form.elements.body, { key, ...data } = form.dataset;
  const stored = `draft:${key}`, state = document.getElementById("editor-state"), bar = document.getElementById("editor-progress");
  let kept = body.value + form.elements.title.value, timer = 0, look = 0, saving = false;
  const say = (text) => { state.textContent = text; };
  const headers = () => ({ Accept: "application/json", "X-CSRFToken": form.elements.csrf_token.value });
  const fields = () => ({ title: form.elements.title.value, body: body.value, base: form.elements.base.value });
  const now = () => fields().body + fields().title;
  const local = (act) => { try { return act(localStorage); } catch { return null; } }; // storage may be off

  const keep = async (leaving = false) => {
    clearTimeout(timer);
    if (saving || now() === kept) return;
    const sent = now(), text = JSON.stringify(fields());
    local((store) => store.setItem(stored, text));
    saving = true;
    if (!leaving) say(data.saidSaving);
    try {
      const keepalive = leaving && text.length < 60000; // a request that outlives its page may carry 64 kB
      const answer = await fetch(data.draft, { method: "POST", body: new URLSearchParams(fields()), headers: headers(), keepalive });
      if (answer.redirected || answer.status === 400 || answer.status === 401) throw new Error("out");
      if (!answer.ok) throw new Error(answer.status);
      const at = new Date((await answer.json()).saved_at);
      kept = sent;
      if (now() === kept) local((store) => store.removeItem(stored));
      say(data.saidSaved.replace("%(time)s", at.toLocaleTimeString(document.documentElement.lang)));
    } catch (error) {
      say(error.message === "out" ? data.saidOut : data.saidKept);
      timer = setTimeout(keep, 10000);
    }
    saving = false;
    if (now() !== sent) later();
  };
  const later = () => { clearTimeout(timer); timer = setTimeout(keep, 2500); };

  const preview = async () => {
    const answer = await fetch(data.preview, { method: "POST", body: new URLSearchParams({ body: body.value }), headers: { ...headers(), Accept: "text/html" } }).catch(() => null);
    if (answer?.ok) document.getElementById("preview").innerHTML = await answer.text();
  };
  const changed = () => {
    later();
    clearTimeout(look);
    look = setTimeout(preview, 600);
  };

  lecternTools(form, body, { say, changed, headers, bar });

  form.addEventListener("input", changed);
  form.addEventListener("focusout", () => keep());
  // Kept until the next visit shows that it arrived: somebody who is signed out meanwhile would lose it.
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    kept = now();
    local((store) => store.setItem(stored, JSON.stringify({ ...fields(), sent: true })));
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep(true); });
  addEventListener("online", () => keep());
  addEventListener("beforeunload", (event) => { if (now() !== kept) { keep(true); event.preventDefault(); } });

  const left = JSON.parse(local((store) => store.getItem(stored)) ?? "null");
  const { sent: wasSent, ...typed } = left ?? {};
  if (left && (left.body + left.title === kept || (wasSent && left.base !== form.elements.base.value))) {
    local((store) => store.removeItem(stored));
  } else if (left) {
    Object.entries(typed).forEach(([name, value]) => { form.elements[name].value = value; });
    say(data.saidRestored);
    changed();
  }
};
document.querySelectorAll("[data-editor]").forEach(lecternEditor);
