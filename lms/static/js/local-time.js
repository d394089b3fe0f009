// The server prints a full time with its zone; when the reader's browser lives in another zone, that zone's time is shown and the server's kept as title.
// Both write digits 0-9 in every language, and hours from 0 to 23.
{
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const format = new Intl.DateTimeFormat(`${(document.documentElement.lang || "en").replace(/^en$/, "en-GB")}-u-nu-latn`, { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone });

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
