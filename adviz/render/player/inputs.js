// The inputs of a film as fields and sliders, and what becomes of the picture when one changes.

import { html, svg } from "./elements.js";
import { write } from "./figure.js";
import { filmAt, problemOf } from "./live.js";
import { formula } from "./mathml.js";
import { PENDING, plain, slotText } from "./notation.js";
import { numberSaid, short } from "./numerals.js";
import { keepRoom } from "./room.js";

const MOST_PLACES = 200;
const LEAVING = new Set(["Enter", "Escape"]);

/** Return a slider's range around a number: its ends, and a step of 1, 2 or 5 of some unit. */
export function rangeAround(number) {
  const reach = 2 * Math.max(1, Math.abs(number));
  const unit = 10 ** Math.floor(Math.log10((2 * reach) / MOST_PLACES));
  const steps = [1, 2, 5, 10].map((times) => times * unit);
  const step = steps.find((one) => (2 * reach) / one <= MOST_PLACES * (1 + 1e-9));
  const ends = [-1, 1].map((sign) => number + sign * step * Math.ceil(reach / step - 1e-9));
  const [min, max, by] = [...ends, step].map((one) => Number(one.toPrecision(12)));
  return { min, max, step: by };
}

/** Give a player's inputs fields; whatever they change is painted at once. */
export function addInputs(player, program) {
  const { film, host } = player;
  const start = film.live.inputs.map((node) => Number(film.numbers[`0/value/${node}`][1]));
  const change = (point) => {
    const made = filmAt(film, program, point);
    repaint(player, made);
    Object.assign(player, { point });
    player.tell("inputs");
    return problemOf(made);
  };
  keepRoom(player.figure, player.longest ?? new Map(), film);
  host.classList.add("is-live");
  const { shown, give } = inputFields(film, start, change, problemOf(filmAt(film, program, start)));
  shown.addEventListener("keydown", (event) => leave(event, host));
  host.querySelector(".adviz-body").before(shown);
  Object.assign(player, { point: start, give });
}

/** Give the keys back to the player: those of a field, and a slider's arrows, are its own. */
function leave(event, host) {
  if (!LEAVING.has(event.key) || !event.target.matches("input")) return;
  event.stopPropagation(); // Escape would leave a notebook's cell as well
  host.focus({ preventScroll: true });
}

/**
 * Return fields and sliders, a button that gives all inputs back their numbers, and what gives them
 * any others.
 */
function inputFields(film, start, change, problem) {
  const point = [...start];
  const reset = html("button", { type: "button", "aria-label": "Reset", disabled: "" }, "Reset");
  const says = html("p", { class: "adviz-problem", role: "status" });
  const say = (words) => Object.assign(says, { textContent: words, title: words });
  say(problem);
  const changed = (numbers) => {
    numbers.forEach((number, k) => (point[k] = number));
    fields.forEach(({ show }, k) => show(point[k]));
    reset.disabled = point.every((number, k) => Object.is(number, start[k]));
    say(change([...point]));
  };
  const give = (k) => (number) => changed(point.map((old, i) => (i === k ? number : old)));
  const refuse = (k) => (name) => say(`${UNREAD}; still ${name} = ${short(point[k])}`);
  const fields = film.live.inputs.map((node, k) => field(film, node, start[k], give(k), refuse(k)));
  reset.addEventListener("click", () => changed(start));
  const named = { class: "adviz-inputs", role: "group", "aria-label": "Inputs" };
  const shown = html("div", named, ...fields.map(({ shown }) => shown), reset, says);
  return { shown, give: changed };
}

const UNREAD = "not a number like −0.5, 2e-3 or 1/3";

/** Return an input's field and slider, and what shows a number in both. */
function field(film, node, number, give, refuse) {
  const { symbol } = film.nodes.find(({ id }) => id === node);
  const name = plain(symbol, film);
  const typed = html("input", { autocomplete: "off", "aria-label": name });
  const range = rangeAround(number);
  const slid = html("input", { type: "range", "aria-label": `${name}, slider`, ...range });
  const show = (now) => {
    slid.min = Math.min(range.min, now);
    slid.max = Math.max(range.max, now);
    slid.value = now;
    if (numberSaid(typed.value) !== now) typed.value = now;
    typed.ariaInvalid = null;
  };
  const read = () => {
    const said = numberSaid(typed.value);
    if (!Number.isNaN(said)) return give(said);
    typed.ariaInvalid = "true";
    refuse(name);
  };
  typed.addEventListener("input", read);
  slid.addEventListener("input", () => give(slid.valueAsNumber));
  show(number);
  return { shown: html("div", { class: "adviz-input" }, formula(symbol, film), typed, slid), show };
}

/** Paint a film at another point: the layout stays, and so does the step. */
function repaint(player, film) {
  const { figure, host } = player;
  const was = player.film.status ?? [];
  for (const { id } of film.nodes) {
    if (was[id] === "skipped") tell(figure, id, PENDING);
    for (const found of figure.get(`node/${id}`) ?? []) mark(found, film, film.status[id]);
  }
  for (const edge of film.edges) showEdge(figure, film, edge);
  const at = [html("span", {}, "at"), " ", formula(film.point, film)];
  host.querySelector(".adviz-point")?.replaceChildren(...at);
  player.replay(film);
  film.status.forEach((status, id) => status === "skipped" && tell(figure, id, status));
}

/** Write words, which are no number, where a node's value stands in the graph. */
function tell(figure, id, words) {
  for (const found of figure.get(`row/${id}/value`) ?? [])
    if (found.matches(".row")) write(found, words);
}

/** Mark a node as skipped, or with a badge where something is wrong with it. */
function mark(found, { live }, status) {
  found.classList.toggle("skipped", status === "skipped");
  if (!found.matches(".node")) return;
  for (const badge of found.querySelectorAll(".badge"))
    if (badge.textContent in live.remarks) badge.remove();
  if (status in live.remarks) found.append(badge(found.querySelector(".frame"), status));
}

function badge(frame, words) {
  const [x, y] = ["x", "y"].map((name) => Number(frame.getAttribute(name)));
  const width = 6.4 * words.length + 12;
  const place = { x: x + 10 + width / 2, y: y + 0.8, "text-anchor": "middle" };
  const pill = svg("rect", { x: x + 10, y: y - 11, width, height: 16, rx: 8 });
  return svg("g", { class: "badge adviz-status" }, pill, svg("text", place, words));
}

/** Show an edge's local partial; the edge is faint where one of its ends is not evaluated. */
function showEdge(figure, film, { id, tail, head, chip }) {
  const isFaint = [tail, head].some((node) => film.status[node] === "skipped");
  for (const found of figure.get(`edge/${id}`) ?? []) found.classList.toggle("skipped", isFaint);
  const key = chip?.flat(9).at(-1);
  for (const found of (chip && figure.get(`chip/${id}`)) ?? [])
    write(found, slotText(film, key), film.numbers[key]?.[1]);
}
