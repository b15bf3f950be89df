// Plays a film. The page already holds the finished figure, its table and its header; a state is
// the fold of the film's frames, and only what differs between two states is painted.

import { askedState, asking, foretold, inputsOf, toCome } from "./chain.js";
import { offerChoice } from "./choice.js";
import { closingCard, fitCard } from "./closing.js";
import { followParts, followRows, keepWidths, longestTexts, narrow } from "./columns.js";
import { button, knownSpeed } from "./controls.js";
import { html } from "./elements.js";
import { eliminatedNext } from "./elimination.js";
import { addTailHead, figureOf, fly, markPending, write } from "./figure.js";
import {
  FLIGHT_MS,
  STEP_MS,
  departingState,
  differences,
  gridOf,
  groupStarts,
  restingState,
  stateAt,
  textOf,
} from "./film.js";
import { addInputs } from "./inputs.js";
import { dimAside, lightUp, showNode } from "./inspection.js";
import { actionOf, showKeys } from "./keys.js";
import { sameStep } from "./live.js";
import { Look, isCalm, isOwnPage } from "./look.js";
import { link, remember, remembered, stepIn } from "./memory.js";
import { plain } from "./notation.js";
import { Steps } from "./steps.js";
import { Transport } from "./transport.js";
import { View } from "./view.js";

/** Return the step that the address of a page of its own asks for; null where it asks for none. */
const linkedStep = () => (isOwnPage() ? stepIn(location.hash) : null);

/** Differs from whatever is shown, so that it is painted again. */
const STALE = Symbol("stale");

export class Player {
  constructor(host, film) {
    Object.assign(this, { host, film, step: 0, state: null, timer: 0, land: () => {} });
    this.isPlaying = false;
    this.last = film.frames.length - 1;
    this.speed = knownSpeed(Number(remembered("speed")));
    this.graph = host.querySelector(".adviz-graph") ?? host;
    this.table = host.querySelector(".adviz-table");
    this.statements = host.querySelector(".adviz-statements");
    this.figure = figureOf(host);
    this.painted = { texts: stateAt(film, this.last).texts, flags: new Map() };
    this.asked = []; // the keys of the numbers that are asked for
    this.build();
    this.listen();
    this.show(linkedStep() ?? 0, false);
    this.measure();
  }

  build() {
    const { host, film, figure, graph } = this;
    host.querySelectorAll("[data-row]").forEach(markPending);
    this.longest = this.table ? longestTexts(this.table, film, figure) : null;
    this.look = new Look(host, () => this.tell("theme"));
    this.steps = new Steps(host, film);
    this.transport = new Transport(this, [...this.viewButtons(), ...this.look.buttons()]);
    this.note = html("p", { class: "adviz-note", role: "status" });
    this.closing = closingCard(film);
    graph.after(...this.closing, this.note);
    (this.table ?? this.note).after(this.steps.element, this.transport.element);
    this.view = new View(host, graph, film);
    if (film.clicks.length) offerChoice(host, graph, film, figure, (vertex) => this.eliminate(vertex));
    for (const row of host.querySelectorAll("tr[data-node]")) row.tabIndex = -1;
    lightUp(host, figure, film.edges);
  }

  viewButtons() {
    const fit = button("fit", "All of the graph", () => this.view.fitAll(), "0");
    const table = button("rows", "Table", () => this.showTable(), "t");
    const keys = button("keys", "Keys", () => showKeys(this.host), "?");
    return this.table ? [fit, table, keys] : [fit, keys];
  }

  listen() {
    const { host } = this;
    host.tabIndex = -1;
    host.dataset.program = this.film.live?.key ?? "";
    const added = ({ detail }) => addInputs(this, detail);
    host.addEventListener("adviz-program", added, { once: true });
    host.dataset.lmSuppressShortcuts = "true"; // JupyterLab leaves the keys to the player
    host.addEventListener("keydown", (event) => this.press(event));
    host.addEventListener("click", ({ target }) => this.click(target));
    if (isOwnPage()) this.listenToPage();
    matchMedia("print").addEventListener("change", ({ matches }) => this.print(matches));
    addEventListener("beforeprint", () => this.print(true));
    addEventListener("afterprint", () => this.print(false));
    const observer = new ResizeObserver(() => this.room !== this.roomNow() && this.measure());
    for (const box of [host, this.graph]) observer.observe(box);
    document.fonts.ready.then(() => this.measure());
  }

  listenToPage() {
    document.body.addEventListener(
      "keydown",
      (event) => event.target === document.body && this.press(event),
    );
    addEventListener("hashchange", () => this.go(linkedStep() ?? this.step));
  }

  /** Keep room for what is said, and choose the scale; both hold for all of the film. */
  measure() {
    if (this.table) keepWidths(this.table, this.longest);
    this.steps.reserve(this.film);
    this.view.fit();
    if (this.table && this.view.isNearlyWhole) {
      narrow(this.table, this.longest);
      this.view.fit();
    }
    this.fitClosing();
    this.room = this.roomNow();
  }

  /** Return what a measurement depends on. */
  roomNow() {
    const sides = [this.host, this.graph].flatMap((box) => [box.clientWidth, box.clientHeight]);
    return sides.join(" ");
  }

  press(event) {
    const act = actionOf(event, this.transport.range);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act(this, event.key);
  }

  /** Answer a click on a node or a row: with the number that is asked for, or with all of its sum. */
  click(target) {
    const node = target.closest("[data-node]")?.dataset.node;
    if (this.asked.length && (this.isHere(node) || target.closest(".adviz-formula")))
      return this.answer();
    const id = Number(node);
    if (node !== undefined && !this.film.clicks.includes(id)) this.showNode(id);
  }

  isHere = (node) => this.film.frames[this.step].nodes.includes(Number(node));

  /** Show all of the sum of the node that has the focus, or that the step is about. */
  inspect() {
    const focused = document.activeElement.closest("[data-node]")?.dataset.node;
    const node = Number(focused ?? this.film.frames[this.step].nodes[0]);
    if (!Number.isNaN(node)) this.showNode(node);
  }

  showNode(node) {
    this.stop();
    const hidden = this.isPredicting ? [...this.asked, ...toCome(this.film, this.step)] : [];
    showNode(this.host, asking(this.film, hidden), node, this.step, this.go);
  }

  /** Eliminate a vertex next, if it is still there; the frames that follow are made anew. */
  eliminate(vertex) {
    const past = this.film.frames.slice(0, this.step + 1);
    if (past.some(({ gone }) => gone.includes(vertex))) return;
    this.film = eliminatedNext(this.film, this.step, vertex);
    this.forward();
  }

  /** Show another film of the same figure, at the same step; what is in view stays there. */
  replay(film) {
    this.land();
    const step = sameStep(this.film, film, this.step);
    const isThere = step === this.step;
    Object.assign(this, { film, step, last: film.frames.length - 1, asked: [] });
    this.view.film = film;
    this.transport.take(this);
    const [made] = closingCard(film);
    if (made) this.closing[0].replaceChildren(...made.childNodes);
    this.painted.texts = new Map([...this.painted.texts.keys()].map((thing) => [thing, STALE]));
    if (!isThere) return this.show(step, false);
    this.change(film.frames[step], false);
    this.transport.show(film, step);
  }

  /** Show a step at once; a running film stops. */
  go = (step) => {
    this.stop();
    this.show(step, false);
  };

  /** Go one step forward, the number travelling along its edge; a running film stops. */
  forward() {
    this.stop();
    this.advance();
  }

  /** Go to the first step of the next node, or of the one before. */
  goToGroup(direction) {
    const starts = groupStarts(this.film);
    const beyond = starts.filter((start) => direction * (start - this.step) > 0);
    this.go((direction > 0 ? beyond[0] : beyond.at(-1)) ?? this.step);
  }

  goToPhase(index) {
    const phase = this.film.phases[index];
    if (phase) this.go(phase.first);
  }

  toggle() {
    if (this.isPlaying) return this.stop();
    this.isPlaying = true;
    this.transport.showPlaying(true);
    this.tell("playing");
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

  /** Show the number that is asked for, or the next step, up to the last one. */
  advance() {
    if (this.asked.length) this.answer();
    else if (this.step < this.last) this.show(this.step + 1, true);
    if (this.step === this.last && !this.asked.length) this.stop();
  }

  stop() {
    clearTimeout(this.timer);
    this.isPlaying = false;
    this.transport.showPlaying(false);
    this.tell("playing");
  }

  setSpeed(speed) {
    this.speed = speed;
    remember("speed", speed);
  }

  show(step, moving) {
    this.land();
    this.step = Math.min(this.last, Math.max(this.film.first, step));
    const frame = this.film.frames[this.step];
    this.asked = moving && this.isPredicting ? foretold(frame) : [];
    this.change(frame, moving && !this.asked.length);
    this.transport.show(this.film, this.step);
    this.host.dataset.step = this.step;
    this.keepInView();
    if (isOwnPage() && this.step !== (linkedStep() ?? this.film.first)) link(this.step);
    this.tell("step");
  }

  /** Say that something of this name has changed, to whoever keeps in step. */
  tell(name) {
    this.host.dispatchEvent(new CustomEvent(`adviz-${name}`));
  }

  /** Show the number that is asked for. */
  answer() {
    this.asked = [];
    this.change(this.film.frames[this.step], true);
  }

  /** Paint a frame and say what it does; what is asked for is not told. */
  change(frame, moving) {
    const before = this.state;
    const state = stateAt(this.film, this.step);
    this.state = this.asked.length ? askedState(state, frame, this.asked) : state;
    const edge = this.figure.get(`edge/${frame.edge}`)?.[0];
    const curve = edge?.querySelector(".curve");
    if (moving && frame.token !== null && curve && !isCalm()) this.send(frame, curve, before);
    else this.paint(this.state);
    this.steps.say(frame, this.filmAsked);
    this.fitClosing();
    this.showNote();
  }

  fitClosing() {
    for (const card of this.closing) fitCard(card, this.host.clientWidth);
  }

  get filmAsked() {
    return this.asked.length ? asking(this.film, this.asked) : this.film;
  }

  send(frame, curve, before) {
    this.paint(departingState(before, this.state));
    this.host.classList.add("is-sending");
    const arrive = () => {
      this.land = () => {};
      this.host.classList.remove("is-sending");
      clear();
      this.paint(this.state);
    };
    const backwards = this.film.phases[frame.phase].backward;
    const duration = Math.min(FLIGHT_MS, (0.7 * STEP_MS) / this.speed);
    const text = textOf(this.film, "slot/", frame.token);
    const chip = this.figure.get(`chip/${frame.edge}`)?.[0];
    const along = (at) => this.view.ride(at);
    const way = { chip, backwards, duration, along, done: arrive };
    const clear = fly(curve.closest("svg"), curve, text, way);
    this.land = arrive;
  }

  paint(state) {
    const film = this.filmAsked;
    this.host.dataset.phase = film.phases[state.phase].role;
    for (const [thing, key] of differences(this.painted.texts, state.texts))
      for (const found of this.figure.get(thing) ?? [])
        write(found, textOf(film, thing, key), film.numbers[key]?.[1], gridOf(film, key));
    for (const [thing, words] of differences(this.painted.flags, state.flags))
      for (const found of this.figure.get(thing) ?? []) this.mark(found, words);
    this.painted = state;
  }

  mark(found, words) {
    if (words) found.dataset.state = words;
    else delete found.dataset.state;
    if (found.matches("tr")) found.tabIndex = words?.includes("focus") ? 0 : -1;
    if (words?.includes("active") && found.dataset.edge) addTailHead(found);
  }

  keepInView() {
    const { film, step, table, statements, figure } = this;
    this.view.follow(film, step, !isCalm());
    if (statements) followParts(statements, figure, film, step, !isCalm());
    if (table) followRows(table, figure, film, step, !isCalm());
  }

  /** Hide the table, so that the graph has its room, or show it. */
  showTable() {
    this.host.classList.toggle("has-no-table");
  }

  /** Hide the fields of the inputs, so that the graph has their room, or show them. */
  showInputs() {
    this.host.classList.toggle("has-no-inputs");
  }

  /** Follow the next input: what is on no path from it is dimmed; after the last one, none. */
  follow() {
    const inputs = inputsOf(this.film);
    this.followed = inputs[inputs.indexOf(this.followed) + 1];
    dimAside(this.film, this.figure, this.followed);
    this.showNote();
  }

  /** Ask for every number before it is shown, or no longer. */
  predict() {
    this.isPredicting = !this.isPredicting;
    if (this.asked.length) this.answer();
    this.showNote();
  }

  /** Say what is not as always: which input is followed, and that a number is asked for. */
  showNote() {
    const followed = this.film.nodes.find(({ id }) => id === this.followed);
    const asked = this.asked.length ? "What comes here? → shows it" : "Predict: → asks first";
    const notes = [
      ...(followed ? [`Following ${plain(followed.symbol, this.film)}`] : []),
      ...(this.isPredicting ? [asked] : []),
    ];
    this.note.textContent = notes.join(" · ");
  }

  print(isPrinting) {
    if (isPrinting) this.stop();
    this.land();
    this.paint(isPrinting ? restingState(this.film) : this.state);
    this.view.print(isPrinting);
  }
}
