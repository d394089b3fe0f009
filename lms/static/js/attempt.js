// The page of an attempt: each change goes into the outbox and is acknowledged beside its question.
{
  const form = document.getElementById("attempt");
  const pause = 800; // milliseconds without a key before typed text is sent
  const patience = 8000; // milliseconds to wait for unsent answers before telling that they are unsent

  const run = () => {
    const words = form.dataset;
    const answers = lecternAnswerFields(form);
    const notice = form.querySelector("[data-waiting]");
    const typing = new Map(); // slot -> timer of text that is being typed
    let ahead = Date.parse(words.now) - Date.now(); // only to number answers that are given on several devices
    // What the back button brings is an old page: old answers, and the server's time of then.
    const isOld = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
    try {
      if (isOld) ahead = Number(sessionStorage.ahead ?? ahead);
      else sessionStorage.ahead = ahead;
    } catch { /* storage is off */ }
    let leaving = false;

    const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
    const timeLeft = (seconds) => document.dispatchEvent(new CustomEvent("lectern:time-left", { detail: seconds }));
    const clock = (iso) => new Date(iso).toLocaleTimeString(`${document.documentElement.lang}-u-nu-latn`, { hourCycle: "h23", hour: "2-digit", minute: "2-digit", second: "2-digit" });
    const link = (href, text, more) => Object.assign(document.createElement("a"), { href, textContent: text, ...more });
    const wayIn = () => link(words.signIn, words.saidSignInLink, { target: "_blank", rel: "noopener" });

    const said = (slot, state, answer = {}) => {
      if (answer.server_now) {
        ahead = Date.parse(answer.server_now) - Date.now();
        if (answer.deadline) timeLeft((Date.parse(answer.deadline) - Date.parse(answer.server_now)) / 1000);
        else if (answer.deadline === null && !slot.startsWith("flag")) timeLeft(Infinity);
        if (answer.deadline && !document.getElementById("timer") && !box.waiting().length) location.reload();
      }
      if (!box.waiting().length) notice.textContent = "";
      const place = document.querySelector(`#saved-${slot} [data-save-text]`);
      if (!place) return;
      if (state === "newer" && answer.seq <= answers.seq(slot)) state = "saved";
      place.closest("output").dataset.state = { saving: "saving", saved: "saved", newer: "saved", waiting: "waiting" }[state] ?? "failed";
      if (state === "saving" && place.textContent) return; // the reader hears of outcomes, not of every step
      const text = { saving: words.saidSaving, saved: `${words.saidSaved} `, newer: words.saidNewer, waiting: words.saidWaiting, closed: `${words.saidClosed} `, "sign-in": `${words.saidSignIn} `, failed: `${words.saidFailed} ${answer.problem}` }[state];
      if (place.textContent !== text) place.textContent = text;
      if (state === "saved") place.append(Object.assign(document.createElement("time"), { dateTime: answer.saved_at, textContent: clock(answer.saved_at) }));
      if (state === "saved" && answer.message) place.append(" ", Object.assign(document.createElement("span"), { className: "save-hint", textContent: answer.message }));
      if (state === "closed") place.append(link(words.result, words.saidSee));
      if (state === "sign-in") place.append(wayIn());
    };

    const prefix = `answer:${words.user}:${words.attempt}:`;
    const box = lecternOutbox({ prefix, save: words.save, page: location.pathname, form, said });

    const keep = (slot) => {
      const last = Math.max(answers.seq(slot), box.read(slot)?.seq ?? 0);
      const seq = Math.max(last + 1, Date.now() + ahead);
      answers.number(slot, seq);
      answers.mark(slot);
      box.put(slot, { seq, fields: answers.read(slot) });
    };
    const send = (slot) => {
      clearTimeout(typing.get(slot));
      typing.delete(slot);
      return box.send(slot);
    };
    const sendTyped = () => typing.forEach((_, slot) => send(slot));
    const changed = ({ type, target }) => {
      const slot = target.closest("[data-slot]")?.dataset.slot;
      if (slot === undefined) return;
      if (type === "input") keep(slot);
      if (type === "input" && target.matches("textarea, input:not([type=radio], [type=checkbox])")) {
        clearTimeout(typing.get(slot));
        typing.set(slot, setTimeout(() => send(slot), pause));
      } else send(slot);
    };

    const go = (submitter) => {
      leaving = true;
      submitter?.removeAttribute("aria-busy");
      if (!submitter) form.append(lecternOver());
      form.requestSubmit(submitter);
    };
    const submit = async (event) => {
      if (leaving) return;
      event.preventDefault();
      event.submitter?.setAttribute("aria-busy", "true");
      sendTyped();
      await wait(0); // a form can't be submitted again while it tells of this submission
      await Promise.race([box.flush(), wait(patience)]);
      for (let waited = 0; box.waiting().length && !box.isOut() && waited < patience; waited += 200) await wait(200);
      if (!box.waiting().length) return go(event.submitter);
      event.submitter?.removeAttribute("aria-busy");
      if (box.isOut()) notice.replaceChildren(`${words.saidSignIn} `, wayIn());
      else notice.textContent = words.saidQueue;
    };
    // The form carries every answer of the page, so what is not sent by now goes along with it.
    const over = async () => {
      notice.textContent = words.saidOver;
      sendTyped();
      await Promise.race([box.flush(), wait(3000)]);
      let page;
      while (!(page = await box.refresh().catch(() => null))) await wait(2000);
      const left = page.ok ? Number(page.fresh.getElementById("timer")?.dataset.seconds ?? Infinity) : 0;
      if (left <= 0) return go();
      notice.textContent = ""; // more time was given meanwhile
      timeLeft(left);
    };

    const wake = async () => {
      if (document.hidden) return sendTyped();
      box.flush();
      const { fresh } = await box.refresh().catch(() => ({})); // a computer that slept has lost count of the time
      const left = fresh?.getElementById("timer")?.dataset.seconds;
      if (left) timeLeft(Number(left));
    };
    // Another tab of the same attempt changed an answer, or had it acknowledged.
    const elsewhere = ({ key, newValue }) => {
      const slot = key?.startsWith(prefix) ? key.slice(prefix.length) : null;
      if (slot === null || !answers.has(slot)) return;
      if (newValue === null) return said(slot, "saved", { saved_at: new Date(Date.now() + ahead).toISOString() });
      const entry = JSON.parse(newValue);
      answers.show(slot, entry.fields);
      answers.number(slot, entry.seq);
      said(slot, "saving");
    };

    for (const stamp of form.querySelectorAll("output time")) stamp.textContent = clock(stamp.dateTime);
    for (const slot of box.slots().filter(answers.has)) {
      const entry = box.read(slot);
      if (entry.seq <= answers.seq(slot)) continue;
      answers.show(slot, entry.fields);
      answers.number(slot, entry.seq);
      said(slot, "waiting");
    }
    box.flush();
    form.addEventListener("input", changed);
    form.addEventListener("change", changed);
    form.addEventListener("submit", submit);
    form.addEventListener("keydown", (event) => event.key === "Enter" && event.target.matches("input") && event.preventDefault());
    document.addEventListener("lectern:time-over", over);
    document.addEventListener("visibilitychange", wake);
    addEventListener("storage", elsewhere);
    addEventListener("online", box.flush);
    addEventListener("focus", box.flush); // back from the window in which one signed in
    addEventListener("pagehide", sendTyped);
    addEventListener("pageshow", (event) => (event.persisted || isOld) && navigator.onLine && location.reload());
  };
  if (form) run();
}
