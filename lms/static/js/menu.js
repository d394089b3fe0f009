// <details data-menu> opens by itself; this only closes it: Escape, a click elsewhere, focus leaving.
{
  // A long navigation stands open on a desk, and is no menu there: where style sheets can't do it (components/fold.css).
  if (!CSS.supports("selector(::details-content)") && matchMedia("(width >= 60rem)").matches) {
    for (const fold of document.querySelectorAll(".fold")) {
      fold.removeAttribute("data-menu");
      fold.open = true;
    }
  }

  const close = (except) => {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (!except || !menu.contains(except)) menu.open = false;
    }
  };
  document.addEventListener("click", (event) => close(event.target));
  document.addEventListener("focusin", (event) => close(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.activeElement?.closest("details[data-menu][open]");
    close();
    menu?.querySelector("summary").focus();
  });
}
