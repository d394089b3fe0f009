// Sends a large file in pieces and goes on where it stopped: after a lost connection by itself, after a closed page
// when the same file is chosen again. Resolves to {kept, refused} as the server says it.
const lecternPieces = async (file, { url, token, replaces = "", flash = "", progress, waiting }) => {
  const LARGE = 4 * 1024 * 1024, mark = `upload:${url}:${replaces}:${file.name}:${file.size}:${file.lastModified}`;
  const local = (act) => { try { return act(localStorage); } catch { return null; } }; // storage may be off
  const pause = (seconds) => new Promise((go) => {
    const done = () => { clearTimeout(timer); removeEventListener("online", done); go(); };
    const timer = setTimeout(done, seconds * 1000);
    addEventListener("online", done);
  });
  // Asks until there is an answer: what the server said is final, silence and a broken gateway are not.
  const ask = async (path, options = {}) => {
    for (let tries = 0; ; tries += 1) {
      try {
        const answer = await fetch(path, { ...options, headers: { Accept: "application/json", "X-CSRFToken": token } });
        if (answer.status < 500 && answer.status !== 429) return { status: answer.status, ...await answer.json().catch(() => ({})) };
      } catch { /* no connection */ }
      waiting();
      await pause(Math.min(15, 2 ** tries));
    }
  };
  const post = (path, fields) => ask(path, { method: "POST", body: new URLSearchParams(fields) });
  const begin = async () => {
    const fresh = await post(url, { name: file.name, size: file.size, replaces });
    if (fresh.status === 201) local((store) => store.setItem(mark, fresh.id));
    return fresh;
  };
  const known = local((store) => store.getItem(mark));
  let upload = known ? await ask(`${url}/${known}`) : await begin();
  if (known && (upload.status !== 200 || upload.path)) upload = await begin();
  if (!upload.id) return { refused: upload.refused ?? [], kept: [] };
  const here = `${url}/${upload.id}`;
  for (let stuck = 0; upload.received < file.size && stuck < 5;) {
    progress(upload.received / file.size);
    const start = upload.received, body = file.slice(start, start + (upload.piece || LARGE));
    const next = await ask(`${here}/pieces/${start}`, { method: "POST", body });
    if (next.received === undefined) break;
    stuck = next.received > start ? 0 : stuck + 1;
    upload.received = next.received;
  }
  progress(1);
  const end = await post(`${here}/completion`, { replaces, flash });
  local((store) => store.removeItem(mark));
  return { kept: end.kept ?? [], refused: end.refused ?? [] };
};
lecternPieces.from = 4 * 1024 * 1024; // bytes: smaller files go in one request
