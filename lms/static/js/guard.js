// <form data-guard> warns before its unsaved changes are left behind; a save (plain or by htmx) lifts the guard.
{
  const changed = new Set();
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-guard]");
    if (form) changed.add(form);
  });
  const lift = (event) => changed.delete(event.target.closest?.("form[data-guard]"));
  document.addEventListener("submit", lift);
  document.addEventListener("lectern:saved", lift);
  addEventListener("beforeunload", (event) => {
    if ([...changed].some((form) => form.isConnected)) event.preventDefault();
  });
}
