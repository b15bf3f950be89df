// The player as a widget of a notebook: what it shows is in step with the widget's model.

import { filmOf, mount, useFont } from "./mount.js";

/** Show a widget; its model holds the host's markup and the film's program, written by Python. */
async function render({ model, el }) {
  const parsed = new DOMParser().parseFromString(model.get("_markup"), "text/html");
  const host = document.adoptNode(parsed.querySelector(".adviz"));
  el.append(host);
  for (const face of model.get("_fonts")) useFont(...face);
  const player = mount(host, filmOf(host));
  if (model.get("_program")) await enlivenHost(host, model.get("_program"));
  for (const [name, part] of Object.entries(partsOf(player, model.get("_names"))))
    keepInStep(player, model, name, part);
  return () => player.stop();
}

/** Offer a host the function that computes its film, an expression of ours that Python wrote. */
async function enlivenHost(host, expression) {
  const source = new Blob([`export default ${expression}`], { type: "text/javascript" });
  const address = URL.createObjectURL(source);
  const { default: program } = await import(address);
  URL.revokeObjectURL(address);
  host.dispatchEvent(new CustomEvent("adviz-program", { detail: program }));
}

/** Return what a model has of a player: how it is now, and how it takes another one. */
function partsOf(player, names) {
  const { host, look } = player;
  const named = () => Object.fromEntries(names.map((name, k) => [name, player.point[k]]));
  const parts = {
    step: { now: () => player.step + 1, take: (step) => player.go(step - 1) },
    theme: { now: () => host.dataset.theme ?? "auto", take: (theme) => look.choose(theme) },
    playing: { now: () => player.isPlaying, take: () => player.toggle() },
  };
  const inputs = { now: named, take: (point) => player.give(names.map((name) => point[name])) };
  return player.give ? { inputs, ...parts } : parts;
}

/** Keep a part of a player and of a model the same, as the model has it at first. */
function keepInStep(player, model, name, { now, take }) {
  const isSame = () => JSON.stringify(model.get(name)) === JSON.stringify(now());
  const follow = () => isSame() || take(model.get(name));
  follow();
  model.on(`change:${name}`, follow);
  player.host.addEventListener(`adviz-${name}`, () => {
    if (isSame()) return;
    model.set("_steps", player.last + 1);
    model.set(name, now());
    model.save_changes();
  });
}

export default { render };
