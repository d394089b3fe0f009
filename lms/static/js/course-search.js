// <form data-kept-search>: what was found stays with the page in the browser's history, so that who goes back from a result
// finds the words in the field and the results below it again. Elsewhere the page's own address holds them.
// Not before htmx knows the form: it would leave the page.
for (const event of ["init", "swap"]) document.addEventListener(`htmx:after:${event}`, ({ target }) => {
  if (!target.matches?.("[data-kept-search]")) return;
  const { state } = history;
  const { q } = target;
  if (event === "swap") history.replaceState({ ...state, search: q.value }, "");
  else if (state?.search) {
    q.value = state.search;
    target.closest("details")?.setAttribute("open", "");
    target.requestSubmit();
  }
});
