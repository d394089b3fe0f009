// Shows and hides a password. The field goes back to hidden before it is sent, so that no browser remembers it as plain text.
{
  const show = (button, visible) => {
    const input = document.getElementById(button.dataset.reveal);
    input.type = visible ? "text" : "password";
    button.setAttribute("aria-pressed", visible);
    const use = button.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, visible ? "#eye-off" : "#eye"));
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-reveal]");
    if (button) show(button, button.getAttribute("aria-pressed") !== "true");
  });
  document.addEventListener("submit", (event) => {
    for (const button of event.target.querySelectorAll('[data-reveal][aria-pressed="true"]')) show(button, false);
  }, true);
}
