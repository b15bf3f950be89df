// Plays a film. The page already holds the finished figure, its table and its header; a state is
// the fold of the film's frames, and only what differs between two states is painted.

import { button, icon, percent, phaseNames, segments, speedMenu, ticks } from "./controls.js";
import { html } from "./elements.js";
import { eliminatedNext } from "./elimination.js";
import { addTailHead, figureOf, fly, keepWidth, markPending, reveal, write } from "./figure.js";
import {
  FLIGHT_MS,
  STEP_MS,
  caption,
  departingState,
  differences,
  inView,
  restingState,
  span,
  stateAt,
  textOf,
  writtenOut,
} from "./film.js";
import { formula, inline } from "./mathml.js";
import { clauses, plain } from "./notation.js";

const prefers = (feature) => matchMedia(`(prefers-${feature})`).matches;
const isCalm = () => prefers("reduced-motion: reduce");

/** Tell whether the surroundings are dark: the notebook's theme, else the system's. */
function isDarkAround() {
  const { jpThemeLight } = document.body.dataset;
  if (jpThemeLight) return jpThemeLight === "false";
  if (document.body.classList.contains("vscode-light")) return false;
  return document.body.classList.contains("vscode-dark") || prefers("color-scheme: dark");
}

const isOwnPage = () => document.documentElement.classList.contains("adviz-page");

class Player {
  constructor(host, film) {
    Object.assign(this, { host, film, step: 0, state: null, speed: 1, timer: 0, land: () => {} });
    this.last = film.frames.length - 1;
    this.graph = host.querySelector(".adviz-graph") ?? host;
    this.table = host.querySelector(".adviz-table");
    this.figure = figureOf(host);
    host.querySelectorAll("[data-row]").forEach(markPending);
    host.querySelectorAll(".adviz-table thead th").forEach(keepWidth);
    this.painted = { texts: stateAt(film, this.last).texts, flags: new Map() };
    this.addPill();
    this.addSteps();
    this.addTransport();
    this.addClicks();
    this.listen();
    this.showScreen();
    this.go(0);
  }

  addPill() {
    this.pill = html("span", { class: "adviz-pill" });
    (this.host.querySelector(".adviz-title") ?? this.host).append(this.pill);
  }

  addSteps() {
    this.narration = html("p", { class: "adviz-narration", "aria-live": "polite" });
    this.formula = html("div", { class: "adviz-formula" });
    const steps = html("div", { class: "adviz-steps" }, this.narration, this.formula);
    this.graph.after(steps);
  }

  addTransport() {
    const go = (step) => this.go(step);
    this.playButton = button("play", "Play", () => this.toggle(), "space");
    this.buttons = [
      button("first", "First step", () => go(0), "Home"),
      button("back", "Previous step", () => go(this.step - 1), "←"),
      this.playButton,
      button("next", "Next step", () => this.forward(), "→"),
      button("last", "Last step", () => go(this.last), "End"),
    ];
    this.count = html("span", { class: "adviz-count" });
    const extras = [this.count, speedMenu((speed) => (this.speed = speed)), ...this.viewButtons()];
    const transport = html(
      "div",
      { class: "adviz-transport", role: "group", "aria-label": "Playback" },
      html("div", { class: "adviz-buttons" }, ...this.buttons),
      this.scrubber(go),
      html("div", { class: "adviz-extras" }, ...extras),
    );
    this.formula.parentElement.after(transport);
  }

  /** Let a click on a vertex eliminate it next. */
  addClicks() {
    const { clicks } = this.film;
    if (clicks.length === 0) return;
    const hint = html("span", { class: "adviz-hint" }, "click one to eliminate it next");
    this.host.querySelector(".adviz-heading")?.append(" ", hint);
    for (const vertex of clicks)
      for (const found of this.figure.get(`node/${vertex}`)) this.addClick(found, vertex);
  }

  addClick(found, vertex) {
    found.classList.add("adviz-clickable");
    found.addEventListener("click", () => this.eliminate(vertex));
    if (!this.graph.contains(found)) return; // once is enough for those who have no mouse
    const name = `Eliminate ${plain(this.film.nodes.find(({ id }) => id === vertex).symbol)}`;
    for (const [key, value] of Object.entries({ tabindex: 0, role: "button", "aria-label": name }))
      found.setAttribute(key, value);
    found.addEventListener("keydown", ({ key }) => key === "Enter" && this.eliminate(vertex));
  }

  /** Eliminate a vertex next, if it is still there; the frames that follow are made anew. */
  eliminate(vertex) {
    const past = this.film.frames.slice(0, this.step + 1);
    if (past.some(({ gone }) => gone.includes(vertex))) return;
    this.film = eliminatedNext(this.film, this.step, vertex);
    this.forward();
  }

  viewButtons() {
    this.themeButton = button("theme", "Dark theme", () => this.changeTheme());
    this.showTheme();
    if (!document.fullscreenEnabled) return [this.themeButton];
    return [this.themeButton, button("full", "Full screen", () => this.changeScreen(), "F")];
  }

  scrubber(go) {
    const range = { type: "range", min: 0, max: this.last, step: 1, "aria-label": "Step" };
    this.range = html("input", range);
    this.range.addEventListener("input", () => go(Number(this.range.value)));
    this.names = phaseNames(this.film, go);
    this.fills = segments(this.film);
    return html(
      "div",
      { class: "adviz-scrubber" },
      html("div", { class: "adviz-phases" }, ...this.names),
      html(
        "div",
        { class: "adviz-track", "aria-hidden": "true" },
        ...this.fills,
        ...ticks(this.film),
      ),
      this.range,
    );
  }

  listen() {
    this.host.tabIndex = -1;
    this.host.dataset.lmSuppressShortcuts = "true"; // JupyterLab leaves the keys to the player
    this.host.addEventListener("keydown", (event) => this.press(event));
    document.addEventListener("fullscreenchange", () => this.showScreen());
    if (isOwnPage())
      document.body.addEventListener(
        "keydown",
        (event) => event.target === document.body && this.press(event),
      );
    matchMedia("print").addEventListener("change", ({ matches }) => this.print(matches));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.showTheme());
    addEventListener("beforeprint", () => this.print(true));
    addEventListener("afterprint", () => this.print(false));
  }

  press(event) {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (target.tagName === "SELECT" || (key === " " && target.tagName === "BUTTON")) return;
    const actions = {
      ArrowLeft: () => this.go(this.step - 1),
      ArrowRight: () => this.forward(),
      " ": () => this.toggle(),
      Home: () => this.go(0),
      End: () => this.go(this.last),
      f: () => this.changeScreen(),
    };
    if (!Object.hasOwn(actions, key)) return;
    event.preventDefault();
    event.stopPropagation();
    actions[key]();
  }

  /** Show a step at once; a running film stops. */
  go(step) {
    this.stop();
    this.show(step, false);
  }

  /** Go one step forward, the number travelling along its edge; a running film stops. */
  forward() {
    this.stop();
    if (this.step < this.last) this.show(this.step + 1, true);
  }

  toggle() {
    if (this.isPlaying) return this.stop();
    this.isPlaying = true;
    this.showPlaying();
    if (this.step === this.last) this.show(0, false);
    else this.advance();
    if (this.isPlaying) this.wait();
  }

  wait() {
    this.timer = setTimeout(() => {
      if (!this.host.isConnected) return this.stop();
      this.advance();
      if (this.isPlaying) this.wait();
    }, STEP_MS / this.speed);
  }

  advance() {
    if (this.step < this.last) this.show(this.step + 1, true);
    if (this.step === this.last) this.stop();
  }

  stop() {
    clearTimeout(this.timer);
    this.isPlaying = false;
    this.showPlaying();
  }

  show(step, moving) {
    this.land();
    this.step = Math.min(this.last, Math.max(0, step));
    const frame = this.film.frames[this.step];
    const edge = this.figure.get(`edge/${frame.edge}`)?.[0];
    const curve = edge?.querySelector(".curve");
    const before = this.state;
    this.state = stateAt(this.film, this.step);
    if (moving && frame.token !== null && curve && !isCalm()) this.send(frame, curve, before);
    else this.paint(this.state);
    this.describe(frame);
    this.showPosition();
    this.keepInView(inView(this.film, this.step));
    this.host.dispatchEvent(new CustomEvent("adviz-step", { detail: this.step }));
  }

  send(frame, curve, before) {
    this.paint(departingState(before, this.state));
    const arrive = () => {
      this.land = () => {};
      clear();
      this.paint(this.state);
    };
    const backwards = this.film.phases[frame.phase].backward;
    const duration = Math.min(FLIGHT_MS, (0.7 * STEP_MS) / this.speed);
    const text = textOf(this.film, "slot/", frame.token);
    const clear = fly(curve.closest("svg"), curve, text, { backwards, duration, done: arrive });
    this.land = arrive;
  }

  paint(state) {
    this.host.dataset.phase = this.film.phases[state.phase].role;
    for (const [thing, key] of differences(this.painted.texts, state.texts))
      for (const found of this.figure.get(thing) ?? [])
        write(found, textOf(this.film, thing, key), this.film.numbers[key]?.[1]);
    for (const [thing, words] of differences(this.painted.flags, state.flags))
      for (const found of this.figure.get(thing) ?? []) this.mark(found, words);
    this.painted = state;
  }

  mark(found, words) {
    if (words) found.dataset.state = words;
    else delete found.dataset.state;
    if (words?.includes("active") && found.dataset.edge) addTailHead(found);
  }

  describe(frame) {
    const { role, title } = this.film.phases[frame.phase];
    this.pill.textContent = title;
    this.pill.dataset.phase = role;
    this.narration.replaceChildren(...frame.narration.map((tree) => inline(tree, this.film)));
    const parts = frame.formula ? clauses(frame.formula) : [];
    const arrow = () => html("span", { class: "adviz-arrow" }, "⇒");
    const lines = parts.map((tree) => formula(tree, this.film, { display: "block" }));
    this.formula.replaceChildren(
      ...lines.map((line, i) =>
        html("span", { class: "adviz-clause" }, ...(i ? [arrow()] : []), line),
      ),
    );
  }

  showPosition() {
    const { step, last, film } = this;
    this.host.dataset.step = step;
    this.range.value = step;
    this.range.setAttribute(
      "aria-valuetext",
      `step ${step + 1} of ${last + 1}: ${caption(film, step)}`,
    );
    this.count.textContent = `step ${step + 1} of ${last + 1}`;
    const at = step / Math.max(1, last);
    film.phases.forEach(({ first, last: end }, i) => {
      const [left, right] = span(film, first, end);
      const part = Math.min(1, Math.max(0, (at - left) / (right - left || 1)));
      this.fills[i].firstChild.style.width = percent(part);
      this.names[i].setAttribute("aria-current", i === film.frames[step].phase);
    });
    const [first, back, , next, final] = this.buttons;
    for (const made of [first, back]) made.setAttribute("aria-disabled", step === 0);
    for (const made of [next, final]) made.setAttribute("aria-disabled", step === last);
  }

  showPlaying() {
    const name = this.isPlaying ? "pause" : "play";
    if (this.playButton.dataset.shows === name) return;
    this.playButton.dataset.shows = name;
    const label = this.isPlaying ? "Pause" : "Play";
    this.playButton.setAttribute("aria-label", label);
    this.playButton.title = `${label} (space)`;
    this.playButton.replaceChildren(icon(name));
  }

  keepInView(nodes) {
    const found = nodes.flatMap((node) => this.figure.get(`node/${node}`) ?? []);
    const smooth = !isCalm();
    reveal(
      this.graph,
      found.filter((one) => this.graph.contains(one)),
      smooth,
    );
    if (this.table)
      reveal(
        this.table,
        found.filter((one) => this.table.contains(one)),
        smooth,
        this.cellsSet(),
      );
  }

  /** Return the cells of the table that have a new number. */
  cellsSet() {
    const { phase, sets } = this.film.frames[this.step];
    const { trace } = this.film.phases[phase];
    const cells = sets.filter(([, , key]) => key !== null).map(([node, row]) => `${node}/${row}`);
    const things = cells.flatMap((cell) => [`cell/${cell}`, `cell/${cell}/${trace}`]);
    const found = things.flatMap((thing) => this.figure.get(thing) ?? []);
    return found.filter((one) => this.table.contains(one));
  }

  get isDark() {
    const { theme } = this.host.dataset;
    return theme ? theme === "dark" : isDarkAround();
  }

  changeTheme() {
    this.host.dataset.theme = this.isDark ? "light" : "dark";
    this.showTheme();
  }

  showTheme() {
    this.themeButton.setAttribute("aria-pressed", this.isDark);
    this.themeButton.title = this.isDark ? "Light theme" : "Dark theme";
  }

  changeScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (document.fullscreenEnabled) this.host.requestFullscreen();
  }

  /** A page of its own and the full screen are filled; a cell of a notebook takes what it needs. */
  showScreen() {
    this.host.classList.toggle("is-filling", isOwnPage() || this.host.matches(":fullscreen"));
    if (this.state) this.keepInView(inView(this.film, this.step));
  }

  print(isPrinting) {
    if (isPrinting) this.stop();
    this.land();
    this.paint(isPrinting ? restingState(this.film) : this.state);
  }
}

/** Bring a host to life; it already holds the finished figure, table and header of the film. */
export function mount(host, film) {
  return new Player(host, film);
}

/** Return the film that a host carries as JSON; nothing where a page has stripped its scripts. */
function filmOf(host) {
  const data = host.querySelector('script[type="application/json"]');
  return data && writtenOut(JSON.parse(data.textContent));
}

/** Mount every player of the page that is not yet alive. */
export function mountAll(root = document) {
  for (const host of root.querySelectorAll(".adviz:not([data-step])")) {
    const film = filmOf(host);
    if (film) mount(host, film);
  }
}

/** Make the font of the formulas known, once a page; without it they stand in a system serif. */
export function useFont(base64, family = "Adviz Math") {
  if ([...document.fonts].some((face) => face.family.replaceAll('"', "") === family)) return;
  const face = new FontFace(family, `url(data:font/woff2;base64,${base64})`);
  document.fonts.add(face);
  face.load().catch(() => document.fonts.delete(face));
}

/** Show a widget: its model holds the host's markup, written by Python, and the current step. */
function render({ model, el }) {
  const parsed = new DOMParser().parseFromString(model.get("markup"), "text/html");
  const host = document.adoptNode(parsed.querySelector(".adviz"));
  el.append(host);
  useFont(model.get("font"));
  const player = mount(host, filmOf(host));
  player.go(model.get("step"));
  host.addEventListener("adviz-step", ({ detail }) => {
    model.set("step", detail);
    model.save_changes();
  });
  model.on("change:step", () => model.get("step") !== player.step && player.go(model.get("step")));
}

export default { render };
