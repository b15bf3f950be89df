// The overview: a small map of the figure with the view's frame, where not all is in view.

import { MARGIN, freeCorner } from "./camera.js";
import { svg } from "./elements.js";

export class Overview {
  constructor(pane, centre) {
    this.frameRect = svg("rect", { class: "view" });
    this.map = svg("svg", { class: "adviz-map", "aria-hidden": "true" });
    this.map.dataset.corner = "bottom right";
    this.nodes = new Map();
    pane.after(this.map);
    const go = ({ buttons, clientX, clientY }) => {
      if (buttons !== 1) return;
      const point = new DOMPoint(clientX, clientY);
      const { x, y } = point.matrixTransform(this.map.getScreenCTM().inverse());
      centre(x, y);
    };
    for (const event of ["pointerdown", "pointermove"]) this.map.addEventListener(event, go);
  }

  /** Draw nodes as their boxes, and edges as straight lines from the middle of one to another's. */
  draw({ width, height }, boxes, edges) {
    this.map.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const nodes = [...boxes].filter(([thing]) => thing.startsWith("node/"));
    this.nodes = new Map(nodes.map(([thing, box]) => [thing, nodeRect(box)]));
    const middle = (id) => middleOf(boxes.get(`node/${id}`));
    const drawn = edges.filter(({ tail, head }) => [tail, head].every((id) => middle(id)));
    const d = drawn.map(({ tail, head }) => `M${middle(tail)}L${middle(head)}`).join("");
    this.map.replaceChildren(svg("path", { d }), ...this.nodes.values(), this.frameRect);
  }

  /** Mark the nodes that are active. */
  mark(ids) {
    const active = new Set(ids.map((id) => this.nodes.get(`node/${id}`)));
    for (const rect of this.nodes.values()) {
      const is = active.has(rect);
      if (rect.classList.contains("active") !== is) rect.classList.toggle("active", is);
    }
  }

  /** Show what of the figure is in view, in a corner of the pane where that hides nothing active. */
  frame(view, pane, active) {
    const { width, height } = this.map.viewBox.baseVal;
    const [left, top] = [Math.max(0, view.left), Math.max(0, view.top)];
    const [right, bottom] = [Math.min(width, view.right), Math.min(height, view.bottom)];
    const size = { x: left, y: top, width: right - left, height: bottom - top };
    for (const [name, value] of Object.entries(size)) this.frameRect.setAttribute(name, value);
    this.map.classList.remove("is-idle");
    const { width: across, height: down } = this.map.getBoundingClientRect();
    const map = { width: across + 2 * MARGIN, height: down + 2 * MARGIN };
    const isAll = size.width >= width - 2 && size.height >= height - 2;
    const corner = isAll ? undefined : freeCorner(pane, map, active, this.map.dataset.corner);
    if (corner) this.map.dataset.corner = corner;
    else this.map.classList.add("is-idle");
  }
}

const middleOf = (box) => box && `${(box.left + box.right) / 2} ${(box.top + box.bottom) / 2}`;

const nodeRect = ({ left, top, right, bottom }) =>
  svg("rect", { x: left, y: top, width: right - left, height: bottom - top, rx: 9 });
