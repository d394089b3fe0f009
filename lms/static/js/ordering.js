// Lines to be put in order: given a number, or dragged. Either way all lines of the list are numbered anew.
{
  let dragged = null;
  const place = (line) => line.querySelector("select");
  const number = (list) => [...list.children].forEach((line, index) => (place(line).value = index + 1));
  const sort = (list) => list.append(...[...list.children].sort((one, other) => (place(one).value || 1e3) - (place(other).value || 1e3)));
  const listOf = (target) => target.closest?.("[data-ordering]");

  // Before the page of the attempt reads the fields.
  document.addEventListener("input", ({ target }) => {
    const list = listOf(target);
    if (!list || !target.value) return;
    const line = target.closest("li"), others = [...list.children].filter((each) => each !== line);
    others.splice(target.value - 1, 0, line);
    list.append(...others);
    number(list);
    target.focus();
  }, true);
  // Another window, or what was kept while offline, has filled the fields.
  document.addEventListener("lectern:shown", ({ target }) => target.querySelectorAll("[data-ordering]").forEach(sort));

  document.addEventListener("pointerover", ({ target }) => listOf(target)?.querySelectorAll("li").forEach((line) => (line.draggable = true)));
  document.addEventListener("dragstart", (event) => {
    const line = listOf(event.target) && event.target.closest("li");
    if (!line) return;
    dragged = line;
    line.classList.add("dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
  });
  document.addEventListener("dragover", (event) => {
    if (!dragged || listOf(event.target) !== dragged.parentElement) return;
    event.preventDefault();
    const over = event.target.closest("li");
    if (!over || over === dragged) return;
    const { top, height } = over.getBoundingClientRect();
    over[event.clientY < top + height / 2 ? "before" : "after"](dragged);
  });
  document.addEventListener("drop", (event) => { if (dragged) event.preventDefault(); });
  document.addEventListener("dragend", () => {
    if (!dragged) return;
    const line = dragged, list = line.parentElement;
    dragged = null;
    line.classList.remove("dragged");
    number(list);
    place(line).dispatchEvent(new Event("input", { bubbles: true }));
  });
}
