// The camera in the page: the figure at one scale, and the place that its pane is scrolled to.

import { arranger } from "./arrangement.js";
import { Beyond } from "./beyond.js";
import { boxesOf, roomIn, smallestLetter } from "./boxes.js";
import { MARGIN, around, filmScale, fitting, leastLegible, legible, viewStart, sizeOf } from "./camera.js";
import { inFocus, inView } from "./film.js";
import { Overview } from "./overview.js";
import { SHEET, onSheets } from "./sheets.js";

/** How much a key zooms, and the scales that no zoom leaves, in parts of the film's own scale. */
const ZOOM = 1.25;
const CLOSEST = 8;
/** The most that a figure grows beyond its natural size, in a cell and where it fills a page. */
const GROWTH = { cell: 1.35, filling: 2.2 };
/** The part of a film's scale from which on a little more room would show all of the figure. */
const NEARLY = 0.85;
/** The pixels after which a press is a drag. */
const SLACK = 4;

export class View {
  constructor(host, pane, film) {
    Object.assign(this, { host, pane, film, step: 0, shown: [], chosen: null });
    this.svg = pane.querySelector("svg");
    this.arrange = arranger(host, this.svg, film.arrangements);
    this.overview = new Overview(pane, (x, y) => this.centre(x, y));
    this.beyond = new Beyond(pane, (node) => this.goTo(node));
    this.listen();
  }

  listen() {
    this.pane.addEventListener("scroll", () => this.frameView());
    this.pane.addEventListener("wheel", (event) => this.turn(event), { passive: false });
    this.pane.addEventListener("pointerdown", (event) => this.grab(event));
  }

  /**
   * Measure the figure and its pane, and stand at the scale of the film, or at the one chosen; where
   * that is depends on the step alone, and on no size that the pane has had.
   */
  fit() {
    if (this.isPrinting || !this.svg?.getClientRects().length) return;
    this.measure();
    this.setScale(this.scales[this.chosen] ?? this.chosen ?? this.scales.film);
    this.overview.draw(this.extent, this.boxes, this.film.edges);
    this.pane.scrollTo({ left: 0, top: 0, behavior: "instant" });
    this.follow(this.film, this.step, false);
  }

  measure() {
    const pane = roomIn(this.pane);
    this.arrange(pane);
    const { width, height } = this.svg.viewBox.baseVal;
    this.extent = { width, height };
    const drawn = this.svg.getBoundingClientRect();
    this.boxes = boxesOf(this.svg, drawn, drawn.width / width);
    const inner = { width: pane.width - 2 * MARGIN, height: pane.height - 2 * MARGIN };
    const isFilling = this.host.classList.contains("is-filling");
    const across = isFilling ? innerWidth : this.host.clientWidth;
    const letter = smallestLetter(this.svg);
    const film = filmScale({
      pane,
      whole: this.extent,
      legibleAt: legible(across) / letter,
      leastAt: leastLegible(across) / letter,
      together: this.activeSizes().map((size) => enlarged(size, pane, inner)),
      most: GROWTH[isFilling ? "filling" : "cell"],
    });
    this.scales = { film, whole: Math.min(film, fitting(pane, this.extent)) };
  }

  /** Whether a little more room would show all of the figure. */
  get isNearlyWhole() {
    const part = this.scales ? this.scales.whole / this.scales.film : 1;
    return part < 1 && part > NEARLY;
  }

  /** Return the sizes of what is active at a step, of all steps. */
  activeSizes() {
    const steps = this.film.frames.map((_, step) => this.boxesAt(step));
    return steps.filter((boxes) => boxes.length).map((boxes) => sizeOf(around(boxes)));
  }

  boxesAt(step) {
    const { edge } = this.film.frames[step];
    const things = inView(this.film, step).map((node) => `node/${node}`);
    return [...things, `edge/${edge}`].flatMap((thing) => this.boxes.get(thing) ?? []);
  }

  setScale(scale) {
    this.scale = scale;
    this.target = null;
    this.svg.style.width = `${this.extent.width * scale}px`;
  }

  /** Bring what is active at a step into view. */
  follow(film, step, smooth) {
    Object.assign(this, { film, step });
    if (!this.boxes) return;
    const { nodes, edge } = film.frames[step];
    const receiving = nodes.flatMap((node) => this.boxes.get(`node/${node}`) ?? []);
    const chip = this.boxes.get(`chip/${edge}`);
    const withChip = chip ? [...receiving, chip] : receiving;
    this.shown = [this.boxesAt(step), withChip, receiving].filter((boxes) => boxes.length);
    this.overview.mark(inView(film, step));
    this.sender = senderOf(film, step);
    if (this.sender) this.beyond.tell(this.sender, film);
    this.aim(this.shown, smooth);
  }

  /** Bring the first of some groups of boxes into view that has room there, or the last. */
  aim(groups, smooth) {
    if (!groups.length) return this.frameView();
    const { clientWidth, clientHeight, scrollWidth, scrollHeight } = this.pane;
    const areas = groups.map(around);
    const at = this.onPane(areas.find((area) => this.hasRoom(area)) ?? areas.at(-1));
    const now = this.target ?? { x: this.pane.scrollLeft, y: this.pane.scrollTop };
    const x = viewStart(now.x, clientWidth, [at.left, at.right], scrollWidth);
    const y = viewStart(now.y, clientHeight, [at.top, at.bottom], scrollHeight);
    this.scrollTo(x, y, smooth);
  }

  hasRoom(area) {
    const { width, height } = sizeOf(area);
    const { clientWidth, clientHeight } = this.pane;
    return width * this.scale <= clientWidth && height * this.scale <= clientHeight;
  }

  /** Go with a number along an edge whose ends do not have room together. */
  ride({ x, y }) {
    const { x: left, y: top } = this.svg.viewBox.baseVal;
    const fits = !this.shown.length || this.hasRoom(around(this.shown[0]));
    if (!fits) this.centre(x - left, y - top);
  }

  scrollTo(x, y, smooth) {
    this.target = { x, y };
    this.pane.scrollTo({ left: x, top: y, behavior: smooth ? "smooth" : "instant" });
    this.frameView();
  }

  /** Return where a box of the figure is in the pane's content. */
  onPane({ left, top, right, bottom }) {
    const [x, y] = this.origin();
    const [across, down] = [(at) => x + at * this.scale, (at) => y + at * this.scale];
    return { left: across(left), right: across(right), top: down(top), bottom: down(bottom) };
  }

  /** Return where the figure begins in the pane's content. */
  origin() {
    const [drawn, pane] = [this.svg, this.pane].map((one) => one.getBoundingClientRect());
    const { scrollLeft, scrollTop, clientLeft, clientTop } = this.pane;
    const across = drawn.left - pane.left - clientLeft + scrollLeft;
    return [across, drawn.top - pane.top - clientTop + scrollTop];
  }

  /** Show in the overview what is in view. */
  frameView() {
    if (!this.boxes || !(this.scale > 0)) return; // a pane without room shows nothing
    const [x, y] = this.origin();
    const { scrollLeft, scrollTop, clientWidth, clientHeight } = this.pane;
    const end = this.target ?? { x: scrollLeft, y: scrollTop };
    const inFigure = (at, from) => (at - from) / this.scale;
    const view = { left: inFigure(scrollLeft, x), top: inFigure(scrollTop, y) };
    view.right = view.left + clientWidth / this.scale;
    view.bottom = view.top + clientHeight / this.scale;
    const seen = (box) => moved(this.onPane(box), end);
    const active = this.shown.flat().map(seen);
    const pane = { width: clientWidth, height: clientHeight };
    const sender = this.boxes.get(`node/${this.sender?.id}`);
    const pill = this.beyond.stand(sender && seen(sender), pane, this.shown.at(-1)?.map(seen) ?? []);
    this.overview.frame(view, pane, [...active, ...pill]);
  }

  /** Bring a node into view. */
  goTo(node) {
    this.aim([[this.boxes.get(`node/${node}`)]], true);
  }

  /** Have a point of the figure in the middle. */
  centre(x, y) {
    const at = this.onPane({ left: x, right: x, top: y, bottom: y });
    this.scrollTo(at.left - this.pane.clientWidth / 2, at.top - this.pane.clientHeight / 2, false);
  }

  /** Zoom in or out, one step a time; what is in the middle, or at a place of the pane, stays. */
  zoom(steps, place = { x: this.pane.clientWidth / 2, y: this.pane.clientHeight / 2 }) {
    if (!this.boxes) return;
    const [before, [x, y]] = [this.scale, this.origin()];
    const { scrollLeft, scrollTop } = this.pane;
    const wanted = before * ZOOM ** steps;
    const { whole, film } = this.scales;
    this.chosen = Math.max(whole / 2, Math.min(film * CLOSEST, wanted));
    this.setScale(this.chosen);
    const grown = this.scale / before;
    const [left, top] = this.origin();
    const across = (scrollLeft + place.x - x) * grown + left - place.x;
    this.scrollTo(across, (scrollTop + place.y - y) * grown + top - place.y, false);
  }

  /** Go back to the scale of the film, or, where the camera has it, show all of the figure. */
  fitAll() {
    this.chosen = this.chosen === null ? "whole" : null;
    this.fit();
  }

  /** Have the figure on sheets of paper, or back in its pane. */
  print(isPrinting) {
    this.isPrinting = isPrinting;
    this.pane.querySelectorAll(".adviz-sheet").forEach((one) => one.remove());
    if (!this.boxes) return;
    if (!isPrinting) return this.fit();
    this.arrange(SHEET);
    this.pane.append(...onSheets(this.svg));
  }

  turn(event) {
    if (!event.ctrlKey) return (this.target = null);
    event.preventDefault();
    const { left, top } = this.pane.getBoundingClientRect();
    const place = { x: event.clientX - left, y: event.clientY - top };
    this.zoom(-event.deltaY / 100, place);
  }

  /** Pan by dragging; a finger scrolls by itself. A press that does not move stays a click. */
  grab({ pointerId, pointerType, button, clientX, clientY }) {
    this.target = null;
    if (pointerType !== "mouse" || button !== 0) return;
    const from = { x: this.pane.scrollLeft + clientX, y: this.pane.scrollTop + clientY };
    const { signal, abort } = abortable();
    const drag = (event) => {
      const apart = Math.hypot(event.clientX - clientX, event.clientY - clientY);
      if (apart > SLACK) this.pane.setPointerCapture(pointerId);
      if (this.pane.hasPointerCapture(pointerId))
        this.pane.scrollTo(from.x - event.clientX, from.y - event.clientY);
    };
    this.pane.addEventListener("pointermove", drag, { signal });
    for (const end of ["pointerup", "pointercancel", "pointerleave"])
      this.pane.addEventListener(end, abort, { signal });
  }
}

function abortable() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

const moved = ({ left, right, top, bottom }, { x, y }) => ({
  left: left - x,
  right: right - x,
  top: top - y,
  bottom: bottom - y,
});

/** Return the node at the other end of the edge that a step follows; undefined if it follows none. */
function senderOf(film, step) {
  const frame = film.frames[step];
  const other = inFocus(film, frame).find((node) => !frame.nodes.includes(node));
  return film.nodes.find(({ id }) => id === other);
}

/** Return a size as it has to be for all of a pane to hold what an inner one would. */
const enlarged = ({ width, height }, pane, inner) => ({
  width: (width * pane.width) / inner.width,
  height: (height * pane.height) / inner.height,
});
