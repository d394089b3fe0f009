// <form data-upload> shows how far its files are; without this script the browser sends it as any other form.
// The answer is the next page after a redirect, or the same form again with what was refused. A form with data-pieces
// sends large files in pieces (pieces.js).
{
  const sent = (request, form) => {
    if (request.status === 422) {
      const answer = new DOMParser().parseFromString(request.responseText, "text/html");
      const fresh = answer.getElementById(form.id);
      if (fresh) {
        form.replaceWith(fresh);
        return fresh.querySelector(".error-summary")?.focus();
      }
    }
    const next = request.getResponseHeader("HX-Redirect");
    return next ? location.assign(next) : form.submit();
  };
  const inPieces = async (form, files, line, button) => {
    const { pieces: url, replaces, next, saidWaiting, saidFailed } = form.dataset, said = line.querySelector("[role=status]");
    const refused = [];
    line.hidden = line.querySelector("progress").hidden = false;
    button.setAttribute("aria-busy", "true");
    for (const file of files) {
      const answer = await lecternPieces(file, {
        url, replaces, flash: "yes", token: form.elements.csrf_token.value,
        progress: (part) => {
          line.querySelector("progress").value = part * 100;
          said.textContent = `${files.length > 1 ? `${file.name}: ` : ""}${Math.floor(part * 100)}%`;
        },
        waiting: () => { said.textContent = saidWaiting; },
      });
      if (!answer.kept.length) refused.push(answer.refused[0] ?? saidFailed.replace("%(name)s", file.name));
    }
    button.removeAttribute("aria-busy");
    if (!refused.length) return location.assign(next);
    line.querySelector("progress").hidden = true;
    said.textContent = refused.join(" ");
  };
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-upload]");
    if (!form || event.defaultPrevented) return;
    event.preventDefault();
    const line = form.querySelector("[data-upload-progress]");
    form.querySelectorAll(".error-summary, .error").forEach((said) => said.remove()); // of an earlier try
    const button = form.querySelector("[type=submit]");
    if (button.getAttribute("aria-busy") === "true") return;
    const files = [...form.querySelectorAll("[type=file]")].flatMap((field) => [...field.files]);
    if (form.dataset.pieces && files.some((file) => file.size > lecternPieces.from)) return inPieces(form, files, line, button);
    button.setAttribute("aria-busy", "true");
    const progress = (percent) => {
      line.hidden = false;
      line.querySelector("progress").value = percent;
      line.querySelector("[role=status]").textContent = `${percent}%`;
    };
    lecternSend({ url: form.action, body: new FormData(form), headers: { "HX-Request": "true" }, progress }).answer.then((request) => {
      button.removeAttribute("aria-busy");
      line.hidden = true;
      if (request) sent(request, form);
      else form.submit();
    });
  });
}
