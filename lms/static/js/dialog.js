// <a href="/page" data-dialog="id"> opens <dialog id>; without JavaScript the link is followed. Closes on data-close and on the backdrop.
{
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    const dialog = opener && document.getElementById(opener.dataset.dialog);
    if (dialog && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
      event.preventDefault();
      dialog.showModal();
      return;
    }
    if (event.target.closest("[data-close]") || event.target.matches("dialog[open]")) event.target.closest("dialog")?.close();
  });
}
