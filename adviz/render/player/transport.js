// The transport: buttons, the scrubber with its phases, and the place in the film that they show.

import { button, icon, percent, phaseNames, segments, speedMenu, ticks } from "./controls.js";
import { html } from "./elements.js";
import { caption, span } from "./film.js";

export class Transport {
  constructor(player, extras) {
    this.playButton = button("play", "Play", () => player.toggle(), "space");
    this.buttons = [
      button("first", "First step", () => player.go(0), "Home"),
      button("back", "Previous step", () => player.go(player.step - 1), "←"),
      this.playButton,
      button("next", "Next step", () => player.forward(), "→"),
      button("last", "Last step", () => player.go(player.last), "End"),
    ];
    this.count = html("span", { class: "adviz-count" });
    const speeds = speedMenu(player.speed, (speed) => player.setSpeed(speed));
    this.place = html("div", { class: "adviz-scrubber" });
    this.take(player);
    this.element = html(
      "div",
      { class: "adviz-transport", role: "group", "aria-label": "Playback" },
      html("div", { class: "adviz-buttons" }, ...this.buttons),
      this.place,
      html("div", { class: "adviz-extras" }, this.count, speeds, ...extras),
    );
  }

  /** Take up a film, or one whose phases end elsewhere. */
  take({ film, last, go }) {
    const ends = film.phases.map((phase) => phase.last).join(" ");
    if (ends === this.ends) return;
    Object.assign(this, { ends, last, whole: last + 1 + film.later });
    this.count.style.minWidth = `${this.counted(last).length}ch`;
    const range = { type: "range", min: 0, max: last, step: 1, "aria-label": "Step" };
    this.range = html("input", range);
    this.range.addEventListener("input", () => go(Number(this.range.value)));
    this.names = phaseNames(film, go);
    this.fills = segments(film);
    const parts = [...this.fills, ...ticks(film)];
    this.place.replaceChildren(
      html("div", { class: "adviz-phases" }, ...this.names),
      html("div", { class: "adviz-track", "aria-hidden": "true" }, ...parts),
      this.range,
    );
  }

  counted(step) {
    return `step ${step + 1} of ${this.whole}`;
  }

  /** Show the place in a film. */
  show(film, step) {
    this.range.value = step;
    this.count.textContent = this.counted(step);
    const spoken = `${this.counted(step)}: ${caption(film, step)}`;
    this.range.setAttribute("aria-valuetext", spoken);
    this.fill(film, step);
    const [first, back, , next, final] = this.buttons;
    for (const made of [first, back]) made.setAttribute("aria-disabled", step === film.first);
    for (const made of [next, final]) made.setAttribute("aria-disabled", step === this.last);
  }

  fill(film, step) {
    const at = step / Math.max(1, this.last);
    film.phases.forEach(({ first, last }, i) => {
      const [left, right] = span(film, first, last);
      const part = Math.min(1, Math.max(0, (at - left) / (right - left || 1)));
      this.fills[i].firstChild.style.width = percent(part);
      this.names[i].setAttribute("aria-current", i === film.frames[step].phase);
    });
  }

  showPlaying(isPlaying) {
    const name = isPlaying ? "pause" : "play";
    if (this.playButton.dataset.shows === name) return;
    this.playButton.dataset.shows = name;
    const label = isPlaying ? "Pause" : "Play";
    this.playButton.setAttribute("aria-label", label);
    this.playButton.title = `${label} (space)`;
    this.playButton.replaceChildren(icon(name));
  }
}
