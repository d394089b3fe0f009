{
  // A form with data-time-zone tells the server the browser's zone, so that deadlines read right from the first day.
  document.addEventListener("submit", (event) => {
    const field = event.target.matches("[data-time-zone]") && event.target.elements.time_zone;
    if (field) field.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
  }, true);
}
