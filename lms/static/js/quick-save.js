// A form for doing the same many times: its first field has the focus at once (but the page stays at its top, where what
// is judged stands), and Ctrl or Command with Enter sends it from anywhere in it.
{
  if (matchMedia("(pointer: fine)").matches) document.querySelector("[data-quick-save] [data-first]")?.focus({ preventScroll: true });
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest?.("form[data-quick-save]");
    if (!form || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit();
  });
}
