(step) => {
  const host = document.querySelector(".adviz");
  const range = host.querySelector('input[type=range][aria-label="Step"]');
  range.value = step;
  range.dispatchEvent(new Event("input", { bubbles: true }));
  const pane = host.querySelector(".adviz-graph");
  const figure = [...pane.querySelectorAll("svg")].find((one) => one.querySelector("[data-node]"));
  const view = pane.getBoundingClientRect();
  const box = (found) => found.getBoundingClientRect();
  const all = (selector) => [...figure.querySelectorAll(selector)];
  const within = (one, bounds) =>
    one.left >= bounds.left - 1 &&
    one.top >= bounds.top - 1 &&
    one.right <= bounds.right + 1 &&
    one.bottom <= bounds.bottom + 1;
  const isSeen = (text) => text.textContent.trim() && text.checkVisibility({ opacityProperty: true });
  const letter = (run) => parseFloat(getComputedStyle(run).fontSize);
  // The height of a text's letters: its indices are smaller, as everywhere.
  const size = (text) => Math.max(...[text, ...text.children].map(letter)) * text.getScreenCTM().a;
  const span = (boxes, start, end) =>
    Math.max(...boxes.map((one) => one[end])) - Math.min(...boxes.map((one) => one[start]));
  const hasRoom = (found) => {
    const boxes = found.map(box);
    return span(boxes, "left", "right") <= view.width && span(boxes, "top", "bottom") <= view.height;
  };
  const word = (one) => one.dataset.node ?? one.dataset.edge ?? one.parentElement.dataset.edge;
  const focus = all("[data-node][data-state~=focus]");
  const edges = all("[data-edge][data-state~=active]");
  const chips = all("[data-edge][data-state~=active] .chip");
  // What the step gives a number; where not all has room, that is in view, with the chip if it can be.
  const receiving = focus.filter((one) => one.querySelector("[data-row][data-state~=fresh]"));
  const inTable = (one) => host.querySelector(`tr[data-node="${one.dataset.node}"]`);
  const wanted =
    [[...focus, ...edges, ...chips], [...receiving, ...chips], receiving].find(
      (found) => found.length && hasRoom(found),
    ) ?? receiving.filter((one) => !inTable(one));
  const unseen = wanted.filter((one) => !within(box(one), view));
  const pill = host.querySelector(".adviz-beyond");
  const isAway = (one) => !receiving.includes(one) && receiving.length && edges.length;
  const unsaid = focus.filter(
    (one) => isAway(one) && !within(box(one), view) && !pill?.checkVisibility(),
  );
  const isCut = (one) => {
    const { overflowX, maxHeight } = getComputedStyle(one);
    const isFull = one.clientHeight >= (parseFloat(maxHeight) || 0) - 1;
    return (
      (one.scrollWidth > one.clientWidth + 1 && !/auto|scroll/.test(overflowX)) ||
      (one.scrollHeight > one.clientHeight + 1 && !isFull) ||
      box(one).right > innerWidth + 1
    );
  };
  const words = [".adviz-narration", ".adviz-formula", ".adviz-title", ".adviz-statements", ".adviz-point"];
  const texts = [...focus, ...chips].flatMap((one) => [...one.querySelectorAll("text")]);
  const nodes = all("[data-node]").map(box);
  return {
    step,
    text: Math.min(...texts.filter(isSeen).map(size)),
    narration: letter(host.querySelector(".adviz-narration")),
    filled: Math.max(
      span(nodes, "left", "right") / view.width,
      span(nodes, "top", "bottom") / view.height,
    ),
    outside: [...unseen.map(word), ...unsaid.map((one) => `${word(one)}, unsaid`)],
    clipped: words.filter((name) => [...host.querySelectorAll(name)].some(isCut)),
    isWhole: pane.scrollWidth <= pane.clientWidth && pane.scrollHeight <= pane.clientHeight,
    scale: figure.getScreenCTM().a,
  };
};
