// data-copy="text", or data-copy-from="#id" for what a field or element holds; the button says so for two seconds.
{
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy], [data-copy-from]");
    if (!button) return;
    const from = button.dataset.copyFrom && document.querySelector(button.dataset.copyFrom);
    await navigator.clipboard.writeText(from ? from.value ?? from.textContent : button.dataset.copy);
    const label = button.querySelector("span");
    if (!button.dataset.done || label.dataset.was) return;
    label.dataset.was = label.textContent;
    label.textContent = button.dataset.done;
    setTimeout(() => {
      label.textContent = label.dataset.was;
      delete label.dataset.was;
    }, 2000);
  });
}
