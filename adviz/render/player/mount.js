// How the hosts of a page come to life.

import { writtenOut } from "./film.js";
import { Player } from "./player.js";

/** Bring a host to life; it already holds the finished figure, table and header of the film. */
export function mount(host, film) {
  return new Player(host, film);
}

/** Return the film that a host carries as JSON; nothing where a page has stripped its scripts. */
export function filmOf(host) {
  const data = host.querySelector('script[type="application/json"]');
  return data && writtenOut(JSON.parse(data.textContent));
}

/** Mount every player of the page that is not yet alive. */
export function mountAll(root = document) {
  for (const host of root.querySelectorAll(".adviz:not([data-step])")) {
    const film = filmOf(host);
    if (film) mount(host, film);
  }
}

/** Offer the program of a key to all players whose film it computes. */
export function enliven(key, program) {
  for (const host of document.querySelectorAll(`.adviz[data-program="${key}"]`))
    host.dispatchEvent(new CustomEvent("adviz-program", { detail: program }));
}

const FAMILY = "Adviz Math";

/**
 * Make a face of the formulas' font known, once a page, for the characters that it has; without it
 * they stand in a system serif.
 */
export function useFont(base64, unicodeRange) {
  const first = unicodeRange.slice(0, 4);
  const isThis = ({ family, unicodeRange: range }) =>
    family.includes(FAMILY) && range.replaceAll(" ", "").startsWith(first);
  if ([...document.fonts].some(isThis)) return;
  const source = `url(data:font/woff2;base64,${base64})`;
  const face = new FontFace(FAMILY, source, { unicodeRange });
  document.fonts.add(face);
  face.load().catch(() => document.fonts.delete(face));
}
