// The grading desk: levels of a rubric by click or digit, and the next submission is here before it is asked for.
// Without scripts the form saves and leads on as any form does.
{
  const desk = () => document.getElementById("desk"), form = () => document.getElementById("grade-form");
  const criteria = () => [...document.querySelectorAll("[data-criterion]")];
  let ready = null, current = 0;

  const add = () => {
    const chosen = criteria().map((one) => one.querySelector(":checked"));
    if (!chosen.length || !chosen.every(Boolean)) return;
    const points = chosen.reduce((sum, radio) => sum + Number(radio.dataset.worth), 0);
    form().elements.points.value = String(Math.round((points + Number.EPSILON) * 100) / 100);
  };
  const show = (place) => {
    current = place;
    criteria().forEach((one, at) => one.classList.toggle("current", at === current));
  };
  const choose = (digit) => {
    const radio = criteria()[current]?.querySelectorAll("input")[digit - 1];
    if (!radio) return;
    radio.checked = true;
    radio.dispatchEvent(new Event("input", { bubbles: true }));
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const fetchNext = async () => {
    const href = desk().querySelector("a[data-key=n]")?.href;
    ready = null;
    if (!href) return;
    const answer = await fetch(href).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    ready = { href, page: new DOMParser().parseFromString(await answer.text(), "text/html") };
    ready.page.querySelectorAll("#desk img").forEach((picture) => { new Image().src = picture.getAttribute("src"); });
  };
  const turn = (page, href) => {
    const fresh = page.getElementById("desk");
    if (!fresh) return location.assign(href);
    desk().replaceWith(document.adoptNode(fresh));
    for (const part of [".focus-status", ".focus-title", ".focus-head a"]) document.querySelector(part).replaceWith(document.adoptNode(page.querySelector(part)));
    document.title = page.title;
    if (href !== location.href) history.pushState(null, "", href);
    scrollTo(0, 0);
    begin();
    lecternAutosave(form());
    document.dispatchEvent(new CustomEvent("htmx:after:swap"));
  };
  const goTo = (href) => (ready?.href === href ? turn(ready.page, href) : location.assign(href));

  const notSaved = (sent, button) => {
    button?.removeAttribute("aria-busy");
    sent.querySelector("[data-not-saved]").hidden = false;
    sent.dispatchEvent(new CustomEvent("lectern:unsaved"));
    sent.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const save = async (event) => {
    if (event.defaultPrevented || event.target !== form() || event.target.dataset.plain || !window.fetch) return;
    event.preventDefault();
    const sent = event.target, button = event.submitter;
    if (sent.dataset.sending) return;
    sent.dataset.sending = "yes";
    sent.querySelector("[data-not-saved]").hidden = true;
    button?.setAttribute("aria-busy", "true");
    // Notes on their way change `seen`; when they hang, the server knows them as ours.
    await Promise.race([sent.keeping, new Promise((go) => { setTimeout(go, 3000); })]);
    const body = new URLSearchParams(new FormData(sent, button));
    try {
      const answer = await fetch(sent.action, { method: "POST", body, headers: { Accept: "application/json, text/html;q=0.5" } });
      if (answer.ok && answer.headers.get("Content-Type").includes("json")) {
        const { next } = await answer.json();
        sent.dispatchEvent(new CustomEvent("lectern:saved", { bubbles: true }));
        try { localStorage.removeItem(`autosave:${sent.dataset.autosaveKey}`); } catch { /* storage is off */ }
        return goTo(new URL(next, location.href).href);
      }
      if ([409, 422].includes(answer.status)) return turn(new DOMParser().parseFromString(await answer.text(), "text/html"), location.href);
      delete sent.dataset.sending;
      if (answer.status >= 500 || answer.status === 429) return notSaved(sent, button);
      // Signed out, or the form too old: as without scripts, by the same button, and the page that comes says what to do.
      button?.removeAttribute("aria-busy");
      sent.dataset.plain = "yes";
      sent.requestSubmit(button);
    } catch {
      delete sent.dataset.sending;
      notSaved(sent, button);
    }
  };

  const begin = () => {
    if (criteria().length) show(0);
    form().querySelectorAll("[data-criterion]").forEach((one, place) => one.addEventListener("change", () => {
      add();
      show(Math.min(place + 1, criteria().length - 1));
    }));
    if (matchMedia("(pointer: fine)").matches && !criteria().length) form().querySelector("[data-first]")?.focus({ preventScroll: true });
    fetchNext();
  };

  if (form()) {
    begin();
    document.addEventListener("submit", save);
    addEventListener("popstate", () => location.reload());
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-key]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey || ready?.href !== link.href) return;
      event.preventDefault();
      turn(ready.page, link.href);
    });
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("textarea, input:not([type=radio]), select")) return;
      const link = desk().querySelector(`a[data-key="${event.key.toLowerCase()}"]`);
      if (/^[1-9]$/.test(event.key)) choose(Number(event.key));
      else if (event.key.toLowerCase() === "f") form().elements.feedback.focus();
      else if (link) link.click();
      else return;
      event.preventDefault();
    });
  }
}
