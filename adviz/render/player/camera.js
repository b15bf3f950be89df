// Where the camera stands: pure, so that it can be tested without a page. A box has left, top,
// right and bottom; a size has width and height.

/** What is left free around that which is shown, in pixels. */
export const MARGIN = 16;

/** Return the height in pixels that letters need in a player so wide: 18 on a screen of 1 920. */
export const legible = (width) => Math.max(10.5 + width / 850, (18 / 1920) * width);

/** Return how far letters may shrink for what is active to have room together: where it is dear. */
export const leastLegible = (width) => Math.min(legible(width), 7.12 + width / 176);

/** Return the largest scale at which a size has room in a pane. */
export const fitting = (pane, { width, height }) =>
  Math.min(pane.width / width, pane.height / height);

/** The part of the steps whose nodes and edge have room together; along longer edges it travels. */
const MOST_STEPS = 0.9;

/** How much smaller than legible a figure may be that all but fits: nobody sees it, or pans for it. */
const ALL_BUT = 0.97;

/**
 * Return the one scale of a film: all of the figure where that is legible, or all but; else the
 * scale that is, or a little less, no less than the least, for what is active at most steps to have
 * room together.
 */
export function filmScale({ pane, whole, legibleAt, leastAt, together, most }) {
  const scales = together.map((size) => fitting(pane, size)).sort((a, b) => b - a);
  const roomy = scales[Math.ceil(scales.length * MOST_STEPS) - 1] ?? Infinity;
  const near = Math.max(leastAt, Math.min(legibleAt, roomy));
  const all = fitting(pane, whole);
  return Math.min(most, all > ALL_BUT * near ? all : near);
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
    return isHiding(boxes, { left, top }, map);
  };
  return [present, ...CORNERS].find((corner) => !hides(corner));
}

/** Tell whether a thing of a size that stands at a place hides one of some boxes. */
function isHiding(boxes, { left, top }, { width, height }) {
  const [right, bottom] = [left + width, top + height];
  return boxes.some(
    (box) => box.left < right && box.right > left && box.top < bottom && box.bottom > top,
  );
}

/** How far a pill goes aside, in its own sizes, the least first. */
const SHIFTS = [0, 1, -1, 2, -2, 3, -3, 5, -5, 8, -8];

/** What may be out of view of a box that is seen: no more than its border and padding. */
const BORDER = 1 / 16;

const clamped = (at, most) => Math.max(0, Math.min(most, at));

/**
 * Return where a pill stands that says where a box is: at the pane's edge that is nearest, or aside
 * of there where it would hide another; nothing where the box is in view.
 */
export function beyondPlace(box, pill, pane, others) {
  const [over, under] = [(box.right - box.left) * BORDER, (box.bottom - box.top) * BORDER];
  const isSeenAcross = box.left >= -over && box.right <= pane.width + over;
  if (isSeenAcross && box.top >= -under && box.bottom <= pane.height + under) return null;
  const [across, down] = [pane.width - pill.width, pane.height - pill.height];
  const x = (box.left + box.right - pill.width) / 2;
  const y = (box.top + box.bottom - pill.height) / 2;
  const [aside, off] = [x - clamped(x, across), y - clamped(y, down)];
  const isAside = Math.abs(aside) >= Math.abs(off);
  const side = isAside ? (aside < 0 ? "left" : "right") : off < 0 ? "top" : "bottom";
  const places = SHIFTS.map((shift) => ({
    left: clamped(isAside ? x : x + shift * pill.width, across),
    top: clamped(isAside ? y + shift * pill.height : y, down),
  }));
  return { side, ...(places.find((place) => !isHiding(others, place, pill)) ?? places[0]) };
}
