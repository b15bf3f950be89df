// What outlives a page: the theme and the speed that were chosen, and the step as its address.

/** Do what a browser may refuse, in a private window or a sandbox; then there is no memory. */
function attempt(action) {
  try {
    return action();
  } catch {
    return undefined;
  }
}

export const remembered = (name) => attempt(() => localStorage.getItem(`adviz-${name}`));
export const remember = (name, value) =>
  attempt(() => localStorage.setItem(`adviz-${name}`, value));

/** Return the step that an address asks for, counted from 0; null where it asks for none. */
export function stepIn(hash) {
  const asked = /^#step=(\d+)$/.exec(hash);
  return asked && Math.max(0, Number(asked[1]) - 1);
}

/** Have the page's address lead to a step. */
export const link = (step) => attempt(() => history.replaceState(null, "", `#step=${step + 1}`));
