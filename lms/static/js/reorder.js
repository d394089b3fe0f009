// Lines of a course's outline are dragged by their grip, or moved by Alt with the arrow keys. Both use the forms that
// stand in the line, so that the server does the same as for its buttons.
{
  let dragged = null;
  const line = (element) => element?.closest("[data-lesson], [data-module]");
  const kind = (element) => (element.matches("[data-lesson]") ? "lesson" : "module");

  document.addEventListener("dragstart", (event) => {
    const grip = event.target.closest?.("[data-grip]");
    if (!grip) return;
    dragged = grip.closest(`[data-${grip.dataset.grip}]`);
    dragged.classList.add("dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
    event.dataTransfer.setDragImage(dragged, 12, 12);
  });

  document.addEventListener("dragover", (event) => {
    if (!dragged) return;
    const over = event.target.closest?.(kind(dragged) === "module" ? ".shelf" : ".lesson-line, .shelf");
    if (!over || over === dragged) return;
    event.preventDefault();
    if (kind(dragged) === "lesson" && over.matches(".shelf")) {
      const list = over.querySelector("[data-lessons]");
      if (!list.contains(dragged)) list.append(dragged);
      return;
    }
    const { top, height } = over.getBoundingClientRect();
    over[event.clientY < top + height / 2 ? "before" : "after"](dragged);
  });

  document.addEventListener("drop", (event) => { if (dragged) event.preventDefault(); });
  document.addEventListener("dragend", () => {
    if (!dragged) return;
    dragged.classList.remove("dragged");
    const form = dragged.querySelector("[data-arrows]"), fields = { to: [...dragged.parentElement.children].indexOf(dragged) };
    if (kind(dragged) === "lesson") fields.module = dragged.closest("[data-module]").dataset.module;
    dragged = null;
    for (const [name, value] of Object.entries(fields)) {
      const input = Object.assign(document.createElement("input"), { type: "hidden", name, value });
      form.append(input);
    }
    form.requestSubmit();
  });

  document.addEventListener("keydown", (event) => {
    const to = { ArrowUp: "up", ArrowDown: "down" }[event.key];
    const row = event.altKey && to && event.target.closest?.("[data-reorder]") ? line(event.target) : null;
    if (!row) return;
    event.preventDefault();
    const button = row.querySelector(`[data-arrows] [value="${to}"]`);
    if (!button.disabled) button.click();
  });
}
