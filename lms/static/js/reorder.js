// Lines of a course's outline are dragged by their grip, or moved by Alt with the arrow keys. Both use the forms that
// stand in the line, so that the server does the same as for its buttons.
{
  let dragged = null, home = null;
  const line = (element) => element?.closest("[data-lesson], [data-module]");
  const kind = (element) => (element.matches("[data-lesson]") ? "lesson" : "module");

  document.addEventListener("dragstart", (event) => {
    const grip = event.target.closest?.("[data-grip]");
    if (!grip) return;
    dragged = grip.closest(`[data-${grip.dataset.grip}]`);
    home = [dragged.parentElement, dragged.nextElementSibling];
    dragged.classList.add("dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
    event.dataTransfer.setDragImage(dragged, 12, 12);
  });

  document.addEventListener("dragover", (event) => {
    if (!dragged || !event.target.closest?.("[data-reorder]")) return;
    event.preventDefault(); // the line itself lies under the pointer, where it may be dropped too
    const over = event.target.closest?.(kind(dragged) === "module" ? ".shelf" : ".lesson-line, .shelf");
    if (!over || over === dragged) return;
    if (kind(dragged) === "lesson" && over.matches(".shelf")) {
      const list = over.querySelector("[data-lessons]");
      if (!list.contains(dragged)) list.append(dragged);
      return;
    }
    const { top, height } = over.getBoundingClientRect();
    over[event.clientY < top + height / 2 ? "before" : "after"](dragged);
  });

  document.addEventListener("drop", (event) => { if (dragged) event.preventDefault(); });
  document.addEventListener("dragend", (event) => {
    if (!dragged) return;
    dragged.classList.remove("dragged");
    const [list, next] = home, isBack = dragged.parentElement === list && dragged.nextElementSibling === next;
    if (event.dataTransfer.dropEffect === "none" && !isBack) list.insertBefore(dragged, next);
    if (event.dataTransfer.dropEffect === "none" || isBack) return void (dragged = null);
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

  // What had the focus went with the old outline: it goes on at the line that was changed, else at what is said.
  let place = "", from = null;
  document.addEventListener("htmx:before:swap", () => {
    from = document.activeElement?.closest?.("[data-reorder]");
    place = from ? line(document.activeElement)?.id ?? "" : "";
  });
  document.addEventListener("htmx:after:swap", () => {
    const board = document.querySelector("[data-reorder]");
    if (!from || !board || board.contains(document.activeElement)) return;
    from = null;
    const same = place ? document.getElementById(place) : null;
    const undo = board.querySelector(".alert button");
    (undo ?? same?.querySelector(".lesson-name a, summary") ?? board.querySelector("a, button, input:not([type=hidden])"))?.focus();
  });
}
