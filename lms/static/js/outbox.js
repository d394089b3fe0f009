// Answers wait here, in this browser's storage, until the server has acknowledged them. One entry a question:
// {seq, fields}; the highest seq wins, here and on the server, so that repeats and two tabs do no harm.
const lecternOutbox = ({ prefix, save, page, form, said }) => {
  const memory = new Map(); // when the browser refuses to store
  const sending = new Set();
  const refused = new Map(); // slot -> seq that the server can't take; not sent again as it is
  let failures = 0;
  let isOut = false; // signed out: nothing arrives before somebody signs in again
  let timer = 0;

  const read = (slot) => {
    let text = null;
    try {
      text = localStorage.getItem(prefix + slot);
    } catch { /* storage is off: memory alone */ }
    return JSON.parse(text ?? memory.get(prefix + slot) ?? "null");
  };
  const write = (slot, entry) => {
    const text = JSON.stringify(entry);
    memory.set(prefix + slot, text);
    try {
      localStorage.setItem(prefix + slot, text);
    } catch { /* full or off: memory alone */ }
  };
  const drop = (slot) => {
    memory.delete(prefix + slot);
    try {
      localStorage.removeItem(prefix + slot);
    } catch { /* nothing was stored */ }
  };
  const slots = () => {
    const keys = new Set(memory.keys());
    try {
      Object.keys(localStorage).forEach((key) => keys.add(key));
    } catch { /* storage is off */ }
    return [...keys].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  };
  const waiting = () => slots().filter((slot) => refused.get(slot) !== read(slot)?.seq);

  const later = (seconds) => {
    clearTimeout(timer);
    timer = setTimeout(flush, seconds * 1000);
  };
  const retry = (slot, after = 0) => {
    said(slot, "waiting");
    failures += 1;
    later(after || Math.min(30, 2 ** Math.min(failures, 5) / 2) * (0.75 + Math.random() / 2));
  };

  // The page itself brings a new token after its session was renewed, and the time left.
  const refresh = async () => {
    const answer = await fetch(page, { headers: { Accept: "text/html" }, cache: "no-store" });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = fresh.querySelector("#attempt [name=csrf_token]")?.value;
    if (token) form.querySelector("[name=csrf_token]").value = token;
    return { ok: Boolean(token), signedOut: answer.redirected && answer.url.includes("/sign-in"), fresh };
  };

  const post = (slot, entry) => {
    const body = new URLSearchParams(entry.fields);
    body.set("seq", entry.seq);
    const headers = { Accept: "application/json", "X-CSRFToken": form.querySelector("[name=csrf_token]").value };
    // A request that outlives its page may carry 64 kB at most.
    const keepalive = body.toString().length < 60000;
    return fetch(save + slot, { method: "POST", body, headers, keepalive, signal: AbortSignal.timeout(10000) });
  };

  const send = async (slot, again = false) => {
    const entry = read(slot);
    if (!entry || (!again && sending.has(slot)) || refused.get(slot) === entry.seq) return;
    sending.add(slot);
    said(slot, "saving");
    try {
      const answer = await post(slot, entry);
      isOut = answer.status === 401;
      if (answer.ok) return acknowledged(slot, entry, await answer.json());
      if (answer.status === 400 && answer.headers.get("X-Error") === "csrf") {
        const renewed = await refresh();
        isOut = renewed.signedOut;
        if (renewed.ok && !again) return await send(slot, true);
        return isOut ? said(slot, "sign-in") : retry(slot);
      }
      if (isOut) return said(slot, "sign-in");
      if (answer.status === 429 || answer.status >= 500) return retry(slot, Number(answer.headers.get("Retry-After")));
      const problem = answer.headers.get("Content-Type")?.includes("json") ? (await answer.json()).message : answer.statusText;
      if (answer.status === 409 || answer.status === 404) drop(slot);
      else refused.set(slot, entry.seq);
      said(slot, answer.status === 409 ? "closed" : "failed", { problem });
    } catch {
      retry(slot); // no network, a time-out, a server that went away in the middle
    } finally {
      sending.delete(slot);
      const next = read(slot);
      if (next && next.seq > entry.seq) send(slot);
    }
  };

  const acknowledged = (slot, entry, answer) => {
    failures = 0;
    if ((read(slot)?.seq ?? 0) > answer.seq) return; // changed again in the meantime, sent next
    drop(slot);
    said(slot, answer.seq > entry.seq ? "newer" : "saved", answer);
  };

  const flush = () => Promise.all(waiting().map((slot) => send(slot)));

  return {
    put: (slot, entry) => {
      write(slot, entry);
      said(slot, "saving");
    },
    read, send, flush, refresh, waiting, slots,
    isOut: () => isOut,
  };
};

// What is over needs nothing kept.
{
  const over = document.querySelector("[data-attempt-over]")?.dataset.attemptOver;
  try {
    if (over) Object.keys(localStorage).filter((key) => key.startsWith(`answer:${over}:`)).forEach((key) => localStorage.removeItem(key));
  } catch { /* storage is off */ }
}
