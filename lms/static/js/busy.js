// A submitted form's button turns until the next page comes; a second click does nothing. data-no-busy opts out.
{
  document.addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    if (event.defaultPrevented || form.matches("[data-no-busy], [method=dialog], [target]")) return;
    if (submitter?.getAttribute("aria-busy") === "true") return event.preventDefault();
    submitter?.setAttribute("aria-busy", "true");
  });
  // The page kept by the back button must not turn for ever, nor one whose answer is a download.
  const rest = () => document.querySelectorAll('button[aria-busy="true"]').forEach((button) => button.removeAttribute("aria-busy"));
  addEventListener("pageshow", rest);
  addEventListener("focus", rest);
  document.addEventListener("htmx:finally:request", rest);
}
