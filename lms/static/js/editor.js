// The editor of course texts: a preview from the server, and drafts that are kept while one types; the toolbar is in
// markdown-tools.js. Without scripts the form saves, and a button keeps the draft.
const lecternEditor = (form) => {
  const body = form.elements.body, { key, ...data } = form.dataset;
  const stored = `draft:${key}`, state = document.getElementById("editor-state"), bar = document.getElementById("editor-progress");
  let timer = 0, look = 0, saving = false;
  const say = (text) => { state.textContent = text; };
  const headers = () => ({ Accept: "application/json", "X-CSRFToken": form.elements.csrf_token.value });
  const ofDraft = ([name]) => ["title", "body", "base"].includes(name) || name.startsWith("rubric-");
  const fields = () => Object.fromEntries([...new FormData(form)].filter(ofDraft));
  const said = ({ base, ...typed }) => JSON.stringify(typed), now = () => said(fields());
  let kept = now();
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
  form.addEventListener("submit", ({ submitter }) => {
    clearTimeout(timer);
    kept = now();
    // A button of the rubric is answered with the whole form, in another shape.
    const typed = Object.entries(fields()).filter(([name]) => submitter?.name !== "rubric-do" || !name.startsWith("rubric-"));
    local((store) => store.setItem(stored, JSON.stringify({ ...Object.fromEntries(typed), sent: true })));
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep(true); });
  addEventListener("online", () => keep());
  addEventListener("beforeunload", (event) => { if (now() !== kept) { keep(true); event.preventDefault(); } });

  const left = JSON.parse(local((store) => store.getItem(stored)) ?? "null");
  const { sent: wasSent, base: began, ...typed } = left ?? {};
  const shows = (name) => form.elements[name]?.value;
  const sameShape = ["rubric-levels", "rubric-rows"].every((name) => typed[name] === shows(name));
  const back = Object.entries(typed).filter(([name, value]) => ![value, undefined].includes(shows(name)) && (sameShape || !name.startsWith("rubric-")));
  if (left && (!back.length || (wasSent && began !== form.elements.base.value))) {
    local((store) => store.removeItem(stored));
  } else if (left) {
    [["base", began], ...back].forEach(([name, value]) => { form.elements[name].value = value; });
    say(data.saidRestored);
    changed();
  }
};
document.querySelectorAll("[data-editor]").forEach(lecternEditor);
