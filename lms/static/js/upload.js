// <form data-upload> shows how far its files are; without this script the browser sends it as any other form.
// The answer is the next page after a redirect, or the same form again with what was refused.
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
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-upload]");
    if (!form || event.defaultPrevented) return;
    event.preventDefault();
    const line = form.querySelector("[data-upload-progress]");
    const button = form.querySelector("[type=submit]");
    if (button.getAttribute("aria-busy") === "true") return;
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", ({ loaded, total, lengthComputable }) => {
      if (!lengthComputable) return;
      const percent = Math.floor((loaded * 100) / total);
      line.hidden = false;
      line.querySelector("progress").value = percent;
      line.querySelector("[role=status]").textContent = `${percent}%`;
    });
    const rest = () => {
      button.removeAttribute("aria-busy");
      line.hidden = true;
    };
    request.addEventListener("load", () => (rest(), sent(request, form)));
    request.addEventListener("error", () => (rest(), form.submit()));
    request.open("POST", form.action);
    request.setRequestHeader("HX-Request", "true");
    button.setAttribute("aria-busy", "true");
    request.send(new FormData(form));
  });
}
