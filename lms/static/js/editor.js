// The editor of course texts: a toolbar that writes Markdown, a preview from the server, drafts that are kept while one
// types, files that are pasted or dropped. Without scripts the form saves, and a button keeps the draft.
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
      if (!answer.ok) throw new Error(answer.status);
      const at = new Date((await answer.json()).saved_at);
      kept = sent;
      if (now() === kept) local((store) => store.removeItem(stored));
      say(data.saidSaved.replace("%(time)s", at.toLocaleTimeString(document.documentElement.lang)));
    } catch {
      say(data.saidKept);
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

  // execCommand keeps the browser's undo, which setting the value would lose.
  const put = (text, select = null) => {
    body.focus();
    if (!document.execCommand("insertText", false, text)) body.setRangeText(text, body.selectionStart, body.selectionEnd, "end");
    if (select) body.setSelectionRange(...select);
    changed();
  };
  const write = ({ before = "", after = "", line = "", text = "" }) => {
    const { selectionStart: start, selectionEnd: end, value } = body;
    const chosen = value.slice(start, end) || text;
    const isBlock = line || before.includes("\n") || after.includes("\n");
    const lead = isBlock && start > 0 && value[start - 1] !== "\n" ? "\n\n" : "";
    const inner = line ? chosen.split("\n").map((each) => line + each).join("\n") : chosen;
    const from = start + lead.length + before.length + (line && !chosen.includes("\n") ? line.length : 0);
    put(lead + before + inner + after, [from, from + (chosen.includes("\n") ? inner.length : chosen.length)]);
  };
  form.addEventListener("click", (event) => {
    const tool = event.target.closest("[data-tool]");
    if (tool) write(tool.dataset);
  });
  body.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    if (event.key === "s") { event.preventDefault(); return form.requestSubmit(); }
    const tool = form.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (tool) { event.preventDefault(); write(tool.dataset); }
  });

  const upload = (file) => new Promise((done) => {
    const request = new XMLHttpRequest(), sent = new FormData();
    sent.append("files", file, file.name || "image.png");
    request.open("POST", data.files);
    Object.entries(headers()).forEach((header) => request.setRequestHeader(...header));
    request.upload.addEventListener("progress", (event) => { bar.value = (event.loaded / event.total) * 100; });
    request.addEventListener("loadend", () => {
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { /* no answer of ours */ }
      const shown = /^(image|video|audio)\//.test(file.type) ? "!" : "", words = file.name.replace(/\.\w+$/, "").replace(/[[\]\\_\s]+/g, " ");
      if (answer.kept?.length) put(`${shown}[${words}](../../${answer.kept[0]})\n`);
      say(answer.kept?.length ? data.saidUploaded : answer.refused?.[0] || data.saidFailed);
      done();
    });
    bar.hidden = false;
    say(data.saidUploading.replace("%(name)s", file.name));
    request.send(sent);
  });
  const take = async (files) => {
    for (const file of files) await upload(file); // one after the other, in their order
    bar.hidden = true;
  };
  for (const [name, from] of [["paste", "clipboardData"], ["drop", "dataTransfer"]]) {
    body.addEventListener(name, (event) => {
      const files = [...(event[from]?.files ?? [])];
      if (!files.length || event[from].types.includes("text/plain")) return;
      event.preventDefault();
      take(files);
    });
  }
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-file]")) take([...event.target.files]).then(() => { event.target.value = ""; });
  });

  form.addEventListener("input", changed);
  form.addEventListener("focusout", () => keep());
  form.addEventListener("submit", () => { clearTimeout(timer); kept = now(); local((store) => store.removeItem(stored)); });
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep(true); });
  addEventListener("online", () => keep());
  addEventListener("beforeunload", (event) => { if (now() !== kept) { keep(true); event.preventDefault(); } });

  const left = JSON.parse(local((store) => store.getItem(stored)) ?? "null");
  if (left && left.body + left.title !== kept) {
    Object.entries(left).forEach(([name, value]) => { form.elements[name].value = value; });
    say(data.saidRestored);
    changed();
  }
};
document.querySelectorAll("[data-editor]").forEach(lecternEditor);
