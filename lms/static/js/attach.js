// <div data-attach="address"> in a form sends each file as soon as it is chosen, one after the other, and says how far it
// is. The answer is the list of what is kept; what did not arrive can be sent again. The form waits for what is on its
// way, and stays when something is missing. Without this script the files go with the form.
const lecternAttach = (field) => {
  const { attach: url, most, largest, ...said } = field.dataset, form = field.closest("form");
  const input = field.querySelector("[type=file]"), list = field.querySelector("[data-sending]");
  const part = (element, name) => element.querySelector(`[data-${name}]`);
  const lines = (...states) => [...list.children].filter((line) => states.includes(line.dataset.state));
  const post = (to, more) => lecternSend({ url: to, headers: { Accept: "application/json", "X-CSRFToken": form.elements.csrf_token.value }, ...more });
  let waits = null; // the button that was pressed while files were on their way

  const show = ({ responseText }) => {
    const fresh = new DOMParser().parseFromString(responseText, "text/html").querySelector("[data-files]");
    if (fresh) part(field, "files").replaceWith(fresh);
    return fresh;
  };
  const say = (text) => { part(field, "attach-state").textContent = text; };
  const stop = (line, state, text) => {
    line.dataset.state = state;
    part(line, "said").textContent = text.replace("%(name)s", line.file.name);
  };
  const refusal = ({ name, size }) => {
    const count = part(field, "files").children.length + lines("waiting", "sending").length;
    if (!input.accept.split(",").includes(/\.[^.]*$/.exec(name)?.[0].toLowerCase())) return said.saidKind;
    if (size > largest) return said.saidLarge;
    return count >= most ? said.saidMany : "";
  };
  const send = async (line) => {
    const body = new FormData();
    body.append("files", line.file);
    line.dataset.state = "sending";
    const { request, answer } = post(url, { body, progress: (percent) => {
      part(line, "progress").value = percent;
      part(line, "said").textContent = `${percent}%`;
    } });
    line.request = request;
    const { status } = await answer ?? {};
    if (!line.isConnected) return;
    if (status === 200 && show(request)) line.remove();
    else if (status === 422) stop(line, "refused", JSON.parse(request.responseText).message);
    else stop(line, "lost", [200, 400, 401].includes(status) ? said.saidOut : said.saidLost);
  };
  const go = async () => {
    say("");
    if (lines("sending").length) return;
    for (let line; ([line] = lines("waiting")) && line;) await send(line);
    waits?.removeAttribute("aria-busy");
    if (waits && list.children.length) missing();
    else if (waits) form.requestSubmit(waits);
    waits = null;
  };
  const missing = () => {
    say(said.saidMissing);
    list.querySelector('[data-state="lost"] button, button:last-child').focus();
  };

  input.addEventListener("change", () => {
    for (const file of input.files) {
      const line = field.querySelector("template").content.firstElementChild.cloneNode(true), why = refusal(file);
      line.file = file;
      part(line, "name").textContent = file.name;
      list.append(line);
      if (why) stop(line, "refused", why);
      else line.dataset.state = "waiting";
    }
    input.value = "";
    go();
  });
  field.addEventListener("click", async (event) => {
    const button = event.target.closest("button"), line = button?.closest("[data-sending] > li");
    if (!button) return;
    event.preventDefault();
    if (button.matches("[data-again]")) {
      stop(line, "waiting", "");
      return go();
    }
    if (line) {
      line.remove();
      line.request?.abort();
    } else {
      const answer = await post(button.formAction).answer;
      if (answer?.status !== 200 || !show(answer)) return say(said.saidKept);
    }
    input.focus();
  });
  document.addEventListener("submit", (event) => {
    if (event.target !== form || !lines("waiting", "sending", "lost").length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!lines("waiting", "sending").length) return missing();
    waits = event.submitter;
    waits?.setAttribute("aria-busy", "true");
    say(said.saidWaits);
  }, true);
  addEventListener("beforeunload", (event) => { if (lines("waiting", "sending", "lost").length) event.preventDefault(); });
};
document.querySelectorAll("[data-attach]").forEach(lecternAttach);
