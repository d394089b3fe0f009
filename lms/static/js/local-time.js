// The server prints a full time with its zone; when the reader's browser lives in another zone, that zone's time is shown and the server's kept as title.
{
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const format = new Intl.DateTimeFormat(`${document.documentElement.lang || "en"}-u-nu-latn`, { dateStyle: "medium", timeStyle: "short", timeZone: zone });

  const localise = (root) => {
    for (const time of root.querySelectorAll("time[data-local]")) {
      const at = new Date(time.dateTime);
      time.removeAttribute("data-local");
      if (Number.isNaN(at.getTime()) || time.textContent.includes(zone)) continue;
      time.title = time.textContent.trim();
      time.textContent = `${format.format(at)} (${zone.replaceAll("_", " ")})`;
    }
  };
  localise(document);
  document.addEventListener("htmx:after:swap", () => localise(document));
}
