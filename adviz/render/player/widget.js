// The player as a widget of a notebook.

import { filmOf, mount, useFont } from "./mount.js";

/** Show a widget: its model holds the host's markup, written by Python, and the current step. */
function render({ model, el }) {
  const parsed = new DOMParser().parseFromString(model.get("markup"), "text/html");
  const host = document.adoptNode(parsed.querySelector(".adviz"));
  el.append(host);
  for (const face of model.get("fonts")) useFont(...face);
  const player = mount(host, filmOf(host));
  player.go(model.get("step"));
  host.addEventListener("adviz-step", ({ detail }) => {
    model.set("step", detail);
    model.save_changes();
  });
  model.on("change:step", () => model.get("step") !== player.step && player.go(model.get("step")));
}

export default { render };
