// Reads and shows the answer of one question in the form of an attempt: the fields named q<slot>-...
const lecternAnswerFields = (form) => {
  const place = (slot) => form.querySelector(`[data-slot="${slot}"]`);

  const read = (slot) => {
    const start = `q${slot}-`;
    return [...new FormData(form)].filter(([name]) => name.startsWith(start) && name !== `${start}seq`).map(([name, value]) => [name.slice(start.length), value]);
  };
  // The square of the question in the navigator, for eyes and for ears.
  const mark = (slot) => {
    const number = place(slot).closest("fieldset").id.slice("question-".length);
    const square = document.querySelector(`.navigator a[href="#question-${number}"], .navigator [data-number="${number}"]`);
    if (!square) return;
    square.classList.toggle(slot.startsWith("flag") ? "flagged" : "answered", read(slot).some(([, value]) => value.trim()));
    const [is, words] = [(name) => square.classList.contains(name), form.dataset];
    square.querySelector(".visually-hidden").textContent = ` ${is("answered") ? words.saidAnswered : words.saidUnanswered}${is("flagged") ? words.saidMarked : ""}`;
  };
  const show = (slot, fields) => {
    for (const control of place(slot).querySelectorAll(`[name^="q${slot}-"]:not([data-seq])`)) {
      const given = fields.filter(([name]) => control.name === `q${slot}-${name}`).map(([, value]) => value);
      if (control.type === "radio" || control.type === "checkbox") control.checked = given.includes(control.value);
      else control.value = given[0] ?? "";
    }
    place(slot).dispatchEvent(new CustomEvent("lectern:shown", { bubbles: true }));
    mark(slot);
  };
  // The number of the answer that is shown.
  const seq = (slot) => Number(form.elements[`q${slot}-seq`]?.value ?? 0);
  const number = (slot, seq) => (form.elements[`q${slot}-seq`].value = seq);

  return { has: (slot) => Boolean(place(slot)), read, show, mark, seq, number };
};
