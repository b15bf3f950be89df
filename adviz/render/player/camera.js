// Where the camera stands: pure, so that it can be tested without a page. A box has left, top,
// right and bottom; a size has width and height.

/** What is left free around that which is shown, in pixels. */
export const MARGIN = 16;

/** Return the height in pixels that letters need in a player so wide: 18 on a screen of 1 920. */
export const legible = (width) => Math.max(10.5 + width / 850, (18 / 1920) * width);

/** Return the largest scale at which a size has room in a pane. */
export const fitting = (pane, { width, height }) =>
  Math.min(pane.width / width, pane.height / height);

/** The part of the steps whose nodes and edge have room together; along longer edges it travels. */
const MOST_STEPS = 0.9;
/** How far letters may shrink for that, as a part of what is legible. */
const SHRUNK = 0.8;

/**
 * Return the one scale of a film: all of the figure where that is legible; else the scale that is,
 * or a little less for what is active at most steps to have room together.
 */
export function filmScale({ pane, whole, legibleAt, together, most }) {
  const scales = together.map((size) => fitting(pane, size)).sort((a, b) => b - a);
  const roomy = scales[Math.ceil(scales.length * MOST_STEPS) - 1] ?? Infinity;
  const near = Math.max(SHRUNK * legibleAt, Math.min(legibleAt, roomy));
  return Math.min(most, Math.max(fitting(pane, whole), near));
}

/** Return the box around some boxes. */
export function around(boxes) {
  const least = (side) => Math.min(...boxes.map((box) => box[side]));
  const most = (side) => Math.max(...boxes.map((box) => box[side]));
  return { left: least("left"), top: least("top"), right: most("right"), bottom: most("bottom") };
}

export const sizeOf = ({ left, top, right, bottom }) => ({
  width: right - left,
  height: bottom - top,
});

/**
 * Return where a view begins along one axis so that it shows a span with a margin: where it is, if
 * it does; else with the span in its middle, as far as there is something to show.
 */
export function viewStart(start, length, [from, to], whole) {
  if (from - MARGIN >= start && to + MARGIN <= start + length) return start;
  return Math.max(0, Math.min(whole - length, (from + to - length) / 2));
}

const CORNERS = ["bottom right", "bottom left", "top right", "top left"];

/** Return a corner of a pane in which a map hides no box, the present one first; else nothing. */
export function freeCorner(pane, map, boxes, present) {
  const hides = (corner) => {
    const [down, across] = corner.split(" ");
    const left = across === "left" ? 0 : pane.width - map.width;
    const top = down === "top" ? 0 : pane.height - map.height;
    const [right, bottom] = [left + map.width, top + map.height];
    return boxes.some(
      (box) => box.left < right && box.right > left && box.top < bottom && box.bottom > top,
    );
  };
  return [present, ...CORNERS].find((corner) => !hides(corner));
}
