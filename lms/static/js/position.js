// A lesson is opened where its reader stopped. <div data-position-url="/..." data-position="0.42" data-position-text="...">:
// the share of the text above the upper edge of the window is sent every few seconds when it changed, and when the page is left.
{
  const text = document.querySelector("[data-position-url]");
  const pause = 4000; // milliseconds
  const step = 0.01;

  const place = () => {
    const { top, height } = text.getBoundingClientRect();
    return height ? Math.min(1, Math.max(0, -top / height)) : 0;
  };

  const restore = () => {
    const [arrival] = performance.getEntriesByType("navigation");
    const stopped = Number(text.dataset.position || 0);
    // A place in the address, or the browser's own memory of a page gone back to, is the reader's newer wish.
    if (stopped < 0.03 || location.hash || (arrival && arrival.type !== "navigate")) return;
    const { top, height } = text.getBoundingClientRect();
    scrollTo({ top: scrollY + top + stopped * height, behavior: "instant" });
    document.dispatchEvent(new CustomEvent("lectern:toast", { detail: { text: text.dataset.positionText } }));
  };

  const tell = (fields) => {
    const headers = JSON.parse(document.body.getAttribute("hx-headers:inherited") || "{}");
    return fetch(text.dataset.positionUrl, { method: "POST", body: new URLSearchParams(fields), headers, keepalive: true });
  };

  // Videos and sounds go on where they were stopped.
  const play = () => {
    const stopped = JSON.parse(text.dataset.recordings || "{}");
    for (const media of text.querySelectorAll("video, audio")) {
      const source = media.getAttribute("src") ?? media.querySelector("source")?.getAttribute("src") ?? "";
      const recording = source.replace(/^\/courses\/[^/]+\//, "").slice(0, 500);
      let told = stopped[recording] ?? 0;
      const resume = () => { if (told > 3 && told < media.duration - 3 && !media.currentTime) media.currentTime = told; };
      const note = () => {
        const seconds = media.ended ? 0 : Math.floor(media.currentTime);
        if (seconds === told) return;
        told = seconds;
        tell({ recording, seconds }).catch(() => { told = -1; });
      };
      if (media.readyState) resume();
      else media.addEventListener("loadedmetadata", resume, { once: true });
      for (const event of ["pause", "ended"]) media.addEventListener(event, note);
      media.addEventListener("timeupdate", () => { if (Math.abs(media.currentTime - told) > 10) note(); });
      addEventListener("pagehide", () => { if (!media.paused) note(); });
    }
  };

  const follow = () => {
    let sent = place();
    const send = () => {
      const now = place();
      if (Math.abs(now - sent) < step) return;
      sent = now;
      tell({ position: now.toFixed(4) }).catch(() => {
        sent = -1; // offline: tried again at the next turn
      });
    };
    setInterval(send, pause);
    addEventListener("pagehide", send);
    document.addEventListener("visibilitychange", () => document.hidden && send());
  };

  if (text) {
    restore();
    follow();
    play();
  }
}
