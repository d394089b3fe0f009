// Says quietly how many words a text has, in any script.
{
  const words = new Intl.Segmenter(document.documentElement.lang || "en", { granularity: "word" });
  const count = (text) => [...words.segment(text)].filter((part) => part.isWordLike).length;
  const show = (field) => {
    const place = field.form && [...field.form.querySelectorAll("[data-words-of]")].find((each) => each.dataset.wordsOf === field.name);
    if (place) place.textContent = field.value.trim() ? `${place.dataset.said} ${count(field.value)}` : "";
  };
  const showAll = () => document.querySelectorAll("textarea[name]").forEach(show);
  document.addEventListener("input", ({ target }) => target.matches?.("textarea") && show(target));
  document.addEventListener("lectern:shown", showAll);
  showAll();
}
