// What the keys do, one row each. A presenter's remote sends PageDown and PageUp.

import { showCard } from "./card.js";
import { html } from "./elements.js";

/** The keys, the first of a row as they are shown; what they do in words and in the player. */
const ROWS = [
  ["→ PageDown", "next step", ["ArrowRight", "PageDown"], (player) => player.forward()],
  ["← PageUp", "previous step", ["ArrowLeft", "PageUp"], (player) => player.go(player.step - 1)],
  ["↓ ↑", "next, previous node", ["ArrowDown"], (player) => player.goToGroup(1)],
  ["", "", ["ArrowUp"], (player) => player.goToGroup(-1)],
  ["1 … 9", "phase", [..."123456789"], (player, key) => player.goToPhase(Number(key) - 1)],
  ["Home End", "first, last step", ["Home"], (player) => player.go(0)],
  ["", "", ["End"], (player) => player.go(player.last)],
  ["space", "play, pause", [" "], (player) => player.toggle()],
  ["+ −", "zoom, as Ctrl and the wheel do; drag to pan", ["+", "="], (player) => player.view.zoom(1)],
  ["", "", ["-", "−"], (player) => player.view.zoom(-1)],
  ["0", "all of the graph, or back to the camera", ["0"], (player) => player.view.fitAll()],
  ["t", "hide, show the table", ["t"], (player) => player.showTable()],
  ["i", "hide, show the fields of the inputs", ["i"], (player) => player.showInputs()],
  ["f", "follow one input, the next, none", ["f"], (player) => player.follow()],
  ["q", "predict: a number is hidden until asked for", ["q"], (player) => player.predict()],
  ["Enter", "the whole sum of a node, as a click on it", ["Enter"], (player) => player.inspect()],
  ["b .", "blank screen", ["b", "."], (player) => player.host.classList.toggle("is-blank")],
  ["Shift+F", "full screen", ["F"], (player) => player.look.changeScreen()],
  ["?", "these keys", ["?"], (player) => showKeys(player.host)],
];

const ACTIONS = new Map(ROWS.flatMap(([, , keys, act]) => keys.map((key) => [key, act])));
/** What buttons do with keys of their own. */
const PRESSING = new Set([" ", "Enter"]);
/** What every remote sends: it steps wherever the focus is. */
const PAGING = new Set(["PageDown", "PageUp"]);

/** Return what a key press does; nothing where it belongs to the control that has the focus. */
export function actionOf({ key, target, ctrlKey, metaKey, altKey }, scrubber) {
  if (ctrlKey || metaKey || altKey) return undefined;
  const isOwn = target.matches("input, select, textarea") && target !== scrubber;
  if (isOwn && !PAGING.has(key)) return undefined;
  if (PRESSING.has(key) && target.matches("button, summary, a")) return undefined;
  return ACTIONS.get(key);
}

/** Show what the keys do. */
export function showKeys(host) {
  const rows = ROWS.filter(([shown]) => shown).flatMap(([shown, says]) => {
    const keys = shown.split(" ").map((key) => html("kbd", {}, key));
    return [html("dt", {}, ...keys), html("dd", {}, says)];
  });
  showCard(host, "Keys", html("dl", {}, ...rows));
}
