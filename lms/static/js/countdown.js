// The time left of an attempt by the server's clock: the page says how many seconds, each saved answer corrects it.
// This computer's clock is never asked, only how much time went by. At zero the event "lectern:time-over" is fired once.
// How a form says that it was sent at the end of the time and not by its learner.
const lecternOver = () => Object.assign(document.createElement("input"), { type: "hidden", name: "then", value: "over" });
{
  const box = document.getElementById("timer");
  const words = document.querySelector("[data-said-600]")?.dataset;
  if (box && words) {
    const marks = [600, 300, 60, 30];
    let end = performance.now() + Number(box.dataset.seconds) * 1000;
    let before = Infinity;

    const shown = (left) => {
      const pad = (number) => String(number).padStart(2, "0");
      const [hours, minutes, seconds] = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60];
      return hours ? `${hours}:${pad(minutes)}:${pad(seconds)}` : `${minutes}:${pad(seconds)}`;
    };
    const tick = () => {
      const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
      if (left === before) return;
      box.hidden = left === Infinity; // the learner was given a sitting without a limit
      box.querySelector("[data-timer-text]").textContent = shown(left);
      box.toggleAttribute("data-low", left <= 60);
      const mark = marks.find((each) => before > each && left <= each && before !== Infinity);
      if (mark) box.querySelector("[data-timer-said]").textContent = words[`said-${mark}`];
      before = left;
      if (left === 0 && !box.dataset.over) {
        box.dataset.over = "";
        box.dispatchEvent(new CustomEvent("lectern:time-over", { bubbles: true }));
      }
    };
    // Where only the last button is left to press, it is pressed.
    document.addEventListener("lectern:time-over", () => {
      const form = document.getElementById("hand-in");
      form?.append(lecternOver());
      form?.requestSubmit();
    });
    document.addEventListener("lectern:time-left", ({ detail: seconds }) => {
      end = performance.now() + seconds * 1000;
      if (seconds > 0) delete box.dataset.over; // more time was given
      tick();
    });
    tick();
    setInterval(tick, 250);
  }
}
