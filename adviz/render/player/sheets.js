// How a figure is printed: on one sheet where its text can be read, else cut into several.

/** The room of a sheet of paper, upright, within its margins, in pixels. */
export const SHEET = { width: 700, height: 930 };
/** The most sheets that are worth a figure; and the size of text that can be read, 7 pt. */
export const MOST_SHEETS = 6;
const READABLE = 9.4;
/** The most that a figure is enlarged, and the room around what is not cut through. */
const ENLARGED = 1.35;
const AROUND = 8;

/** Return where a length is cut into parts of at most a size: through the fewest spans, then late. */
export function cuts(length, size, spans) {
  const made = [0];
  const through = (at) => spans.filter(([start, end]) => start < at && at < end).length;
  while (length - made.at(-1) > 1.001 * size) {
    const [least, most] = [made.at(-1) + size / 2, made.at(-1) + size];
    const places = [...spans.flat(), most].filter((at) => at > least && at <= most);
    const fewest = Math.min(...places.map(through));
    made.push(Math.max(...places.filter((at) => through(at) === fewest)));
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
