// Where a number stands that travels along an edge; pure, as adviz/render/tokens.py has it.

/** The height of the pill that carries it. */
export const HEIGHT = 24;

const [FARTHEST, STEP] = [120, 4];
/** How far a pill's tip stands out, and how far a pill stays from what its curve joins. */
const TIP = 5;
const WAYS = [[0, -1], [0, 1], [1, 0], [-1, 0], [1, -1], [-1, -1]];

/**
 * Return how far from a curve a pill has to be so that it never covers the chip on the curve: the
 * nearest place, above rather than below, and beside where the curve is steep.
 */
export function aside(points, chip, wide) {
  const [x, y] = [chip.x + chip.width / 2, chip.y + chip.height / 2];
  const [across, down] = [(chip.width + wide) / 2 + 2, (chip.height + HEIGHT) / 2 + 2];
  const isClear = ([dx, dy]) =>
    points.every((at) => Math.abs(at.x + dx - x) >= across || Math.abs(at.y + dy - y) >= down);
  for (let far = 0; far < FARTHEST; far += STEP) {
    const shift = WAYS.map((way) => way.map((part) => part * far)).find(isClear);
    if (shift) return shift;
  }
  return [0, 0];
}

/** Return where the tip of a pill is that stands aside: just outside of it, towards its curve. */
export function tip([x, y], wide) {
  const far = Math.hypot(x, y);
  const inside = Math.min(wide / 2 / Math.abs(x), HEIGHT / 2 / Math.abs(y));
  const part = far && Math.max(0, 1 - inside - TIP / far);
  return [x * part, y * part];
}

/** Return how far along a curve a pill is at a part of its way: at neither end over what is there. */
export function gone(part, length, wide) {
  const rim = Math.min(wide / 2 + TIP, length / 3);
  return rim + part * (length - 2 * rim);
}
