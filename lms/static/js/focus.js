// What had the focus may go with the part of the page that an answer replaced: then it goes on at the first thing to do in
// the new part. An answer that names its own place (autofocus, the same id) has it; so have lists to be ordered (reorder.js).
{
  const CONTROLS = "a[href], button:not(:disabled), input:not([type=hidden]), select, textarea, summary, [tabindex]";
  let around = [];

  document.addEventListener("htmx:before:swap", () => {
    const had = document.activeElement;
    if (!had || had === document.body || had.closest("[data-reorder]")) return;
    for (let part = had.closest("[id]"); part; part = part.parentElement?.closest("[id]")) around.push(part.id);
  });
  document.addEventListener("htmx:after:swap", () => {
    const part = around.map((id) => document.getElementById(id)).find(Boolean);
    around = [];
    if (document.activeElement === document.body) part?.querySelector(CONTROLS)?.focus();
  });
}
