// <form data-confirm="Really?"> asks first. Runs in the capture phase, so that htmx sees the form only after a yes.
{
  const agreed = new WeakSet();

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const question = event.submitter?.dataset.confirm || form.dataset.confirm;
    if (!question || agreed.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    const dialog = document.getElementById("confirm");
    const yes = dialog.querySelector("[data-confirm-yes]");
    dialog.querySelector("p").textContent = question;
    yes.className = submitter?.matches(".button-danger") ? "button button-danger button-solid" : "button button-primary";
    yes.textContent = submitter?.textContent.trim() || yes.textContent;
    dialog.returnValue = "";
    dialog.addEventListener("close", () => {
      if (dialog.returnValue !== "yes") return;
      agreed.add(form);
      form.requestSubmit(submitter);
    }, { once: true });
    dialog.showModal();
  }, true);
}
