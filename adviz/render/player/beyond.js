// Beyond the pane's edge: the node at the other end of a step's edge, where it is out of view.

import { beyondPlace } from "./camera.js";
import { html } from "./elements.js";
import { inline } from "./mathml.js";

export class Beyond {
  constructor(pane, go) {
    this.pill = html("button", {
      type: "button",
      class: "adviz-beyond",
      "aria-label": "The other end of the edge",
    });
    this.pill.addEventListener("click", () => go(this.node));
    pane.after(this.pill);
  }

  /** Tell of a node by its symbol. */
  tell({ id, symbol }, film) {
    this.node = id;
    this.name = inline(symbol, film);
  }

  /** Stand where a node leaves the pane, and hide no other box; returns what the pill takes. */
  stand(box, pane, others) {
    this.pill.classList.toggle("is-idle", !box);
    if (!box) return [];
    this.pill.replaceChildren(this.name);
    const { offsetWidth: width, offsetHeight: height } = this.pill;
    const place = beyondPlace(box, { width, height }, pane, others);
    this.pill.classList.toggle("is-idle", !place);
    if (!place) return [];
    this.pill.dataset.side = place.side;
    this.pill.style.translate = `${place.left}px ${place.top}px`;
    return [{ ...place, right: place.left + width, bottom: place.top + height }];
  }
}
