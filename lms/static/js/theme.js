// The reader's choice of light, dark or the system's: kept in a cookie, so that the server prints it and no page flashes.
{
  document.addEventListener("change", (event) => {
    const choice = event.target.closest("[data-theme-switch] input");
    if (!choice) return;
    const value = choice.value;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${value}; Path=/; SameSite=Lax; Max-Age=${value ? 31536000 : 0}${secure}`;
    if (value) document.documentElement.dataset.theme = value;
    else delete document.documentElement.dataset.theme;
    document.querySelector('meta[name="color-scheme"]').content = value || "light dark";
  });
}
