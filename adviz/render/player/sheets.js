// How a figure is printed: on one sheet where its text can be read, else cut into several.

/** The room of a sheet of paper, upright, within its margins, in pixels. */
export const SHEET = { width: 700, height: 930 };
/** The most sheets that are worth a figure; and the size of text that can be read, 7 pt. */
export const MOST_SHEETS = 6;
const READABLE = 9.4;
/** The most that a figure is enlarged, and the room around what is not cut through. */
const ENLARGED = 1.35;
const AROUND = 8;

/** Return where a length is cut into parts of at most a size: between spans, as late as it can be. */
export function cuts(length, size, spans) {
  const made = [0];
  while (length - made.at(-1) > 1.001 * size) {
    const [from, most] = [made.at(-1), made.at(-1) + size];
    const isFree = (at) => spans.every(([start, end]) => at <= start || at >= end);
    const places = spans.flatMap(([start, end]) => [start, end]);
    const free = places.filter((at) => at > from + size / 2 && at <= most && isFree(at));
    made.push(Math.max(...free, free.length ? 0 : most));
  }
  return [...made, length];
}

/** Return the scale at which a figure is printed, and the areas of it that are a sheet each. */
export function sheets({ width, height }, letter, boxes) {
  const whole = Math.min(SHEET.width / width, SHEET.height / height, ENLARGED);
  const scale = Math.max(whole, READABLE / letter);
  const along = (length, size, start, end) =>
    cuts(length, size / scale, boxes.map((box) => [box[start] - AROUND, box[end] + AROUND]));
  const across = along(width, SHEET.width, "left", "right");
  const down = along(height, SHEET.height, "top", "bottom");
  const areas = down.slice(1).flatMap((bottom, row) =>
    across.slice(1).map((right, column) => {
      const [x, y] = [across[column], down[row]];
      return { x, y, width: right - x, height: bottom - y };
    }),
  );
  return { scale, areas };
}
