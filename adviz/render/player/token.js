// Where a number stands that travels along an edge; pure, as adviz/render/tokens.py has it.

/** The height of the pill that carries it. */
export const HEIGHT = 24;

const [FARTHEST, STEP] = [120, 4];
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
