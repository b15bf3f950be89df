// What is said about a step: the phase, a sentence and a formula, with room kept for the longest.

import { equationLines } from "./chain.js";
import { html } from "./elements.js";
import { roomiest } from "./live.js";
import { formula, inline } from "./mathml.js";
import { clauses, plain } from "./notation.js";

const words = ({ narration }, film) => narration.map((tree) => inline(tree, film));

function lines(frame, film) {
  const parts = frame.formula ? clauses(frame.formula) : [];
  const arrow = () => html("span", { class: "adviz-arrow" }, "⇒");
  return parts.map((tree, i) => {
    const sides = equationLines(tree).map((side) => formula(side, film, { display: "block" }));
    return html("span", { class: "adviz-clause" }, ...(i ? [arrow()] : []), ...sides);
  });
}

/** Return a tree's shape: the same for trees that differ only in their words and numbers. */
const shape = (tree) =>
  JSON.stringify(tree, (key, part) => (key !== "0" && typeof part === "string" ? "" : part));

/** Return the longest frame of each shape of a part: the highest of all is among them. */
function longest(film, part) {
  const found = new Map();
  for (const frame of film.frames) {
    const [key, { length }] = [shape(part(frame)), plain(["row", ...part(frame)], film)];
    if (length > (found.get(key)?.length ?? -1)) found.set(key, { length, frame });
  }
  return [...found.values()].map(({ frame }) => frame);
}

export class Steps {
  constructor(host, film) {
    this.pill = html("span", { class: "adviz-pill" });
    const titles = film.phases.map(({ title }) => title);
    this.pill.dataset.widest = titles.reduce((a, b) => (b.length > a.length ? b : a));
    (host.querySelector(".adviz-title") ?? host).append(this.pill);
    this.narration = html("p", { class: "adviz-narration", "aria-live": "polite" });
    this.formula = html("div", { class: "adviz-formula" });
    this.element = html("div", { class: "adviz-steps" }, this.narration, this.formula);
  }

  /** Say what a frame does. */
  say(frame, film) {
    const { role, title } = film.phases[frame.phase];
    this.pill.textContent = title;
    this.pill.dataset.phase = role;
    this.narration.replaceChildren(...words(frame, film));
    this.formula.replaceChildren(...lines(frame, film));
  }

  /** Keep room for the highest of all frames at this width, so that no step moves the page. */
  reserve(film) {
    const all = film.live ? roomiest(film) : film;
    this.keep(this.narration, words, all, ({ narration }) => narration);
    this.keep(this.formula, lines, all, (frame) => [frame.formula ?? ["row"]]);
  }

  keep(box, print, film, part) {
    box.style.minHeight = "";
    const copies = longest(film, part).map((frame) => {
      const copy = box.cloneNode();
      copy.append(...print(frame, film));
      return copy;
    });
    const gauge = html("div", { class: "adviz-gauge", "aria-hidden": "true" }, ...copies);
    this.element.append(gauge);
    const highest = Math.max(...copies.map(({ offsetHeight }) => offsetHeight));
    gauge.remove();
    box.style.minHeight = `${highest}px`;
  }
}
