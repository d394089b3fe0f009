// A field for Markdown: a toolbar that writes it, files that are pasted or dropped. Used by the editors of texts (editor.js)
// and of questions, whose form names its field in data-write.
const lecternTools = (form, body, { say, changed, headers, bar }) => {
  const data = form.dataset;
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

  const insert = (file, answer) => {
    const shown = /^(image|video|audio)\//.test(file.type) ? "!" : "", words = file.name.replace(/\.\w+$/, "").replace(/[[\]\\_\s]+/g, " ");
    if (answer.kept?.length) put(`${shown}[${words}](../../${answer.kept[0]})\n`);
    say(answer.kept?.length ? data.saidUploaded : answer.refused?.[0] || data.saidFailed);
  };
  const inPieces = async (file) => {
    const uploading = data.saidUploading.replace("%(name)s", file.name);
    bar.hidden = false;
    insert(file, await lecternPieces(file, {
      url: data.pieces, token: headers()["X-CSRFToken"],
      progress: (part) => { bar.value = part * 100; say(uploading); },
      waiting: () => say(data.saidWaiting ?? uploading),
    }));
  };
  const upload = (file) => new Promise((done) => {
    const request = new XMLHttpRequest(), sent = new FormData();
    sent.append("files", file, file.name || "image.png");
    request.open("POST", data.files);
    Object.entries(headers()).forEach((header) => request.setRequestHeader(...header));
    request.upload.addEventListener("progress", (event) => { bar.value = (event.loaded / event.total) * 100; });
    request.addEventListener("loadend", () => {
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { /* no answer of ours */ }
      insert(file, answer);
      done();
    });
    bar.hidden = false;
    say(data.saidUploading.replace("%(name)s", file.name));
    request.send(sent);
  });
  const take = async (files) => {
    // One after the other, in their order.
    for (const file of files) await (data.pieces && file.size > lecternPieces.from ? inPieces(file) : upload(file));
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
};

const lecternWrite = (form) => {
  const { write } = form.dataset;
  const state = document.getElementById("editor-state");
  lecternTools(form, form.elements[write], {
    say: (text) => { state.textContent = text; },
    changed: () => form.dispatchEvent(new Event("look")),
    headers: () => ({ Accept: "application/json", "X-CSRFToken": form.elements.csrf_token.value }),
    bar: document.getElementById("editor-progress"),
  });
};
document.querySelectorAll("[data-write]").forEach(lecternWrite);
