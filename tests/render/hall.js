(step) => {
  const host = document.querySelector(".adviz");
  const range = host.querySelector('input[type=range][aria-label="Step"]');
  range.value = step;
  range.dispatchEvent(new Event("input", { bubbles: true }));
  const pane = host.querySelector(".adviz-graph");
  const figure = [...pane.querySelectorAll("svg")].find((one) => one.querySelector("[data-node]"));
  const view = pane.getBoundingClientRect();
  const window = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
  const box = (found) => found.getBoundingClientRect();
  const active = [...figure.querySelectorAll("[data-node][data-state~=focus], [data-edge][data-state~=active] .chip")];
  const nodes = [...figure.querySelectorAll("[data-node]")].map(box);
  const within = (one, bounds) =>
    one.left >= bounds.left - 1 &&
    one.top >= bounds.top - 1 &&
    one.right <= bounds.right + 1 &&
    one.bottom <= bounds.bottom + 1;
  const isSeen = (text) => text.textContent.trim() && text.checkVisibility({ opacityProperty: true });
  const size = (text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a;
  const texts = active.flatMap((one) => [...one.querySelectorAll("text")]).filter(isSeen);
  const span = (start, end) =>
    Math.max(...nodes.map((one) => one[end])) - Math.min(...nodes.map((one) => one[start]));
  const word = (one) => one.dataset.node ?? one.parentElement.dataset.edge;
  const words = [".adviz-narration", ".adviz-formula", ".adviz-title", ".adviz-point"];
  const cut = (one) =>
    (one.scrollWidth > one.clientWidth + 1 && !/auto|scroll/.test(getComputedStyle(one).overflowX)) ||
    box(one).right > innerWidth + 1;
  return {
    step,
    text: Math.min(...texts.map(size)),
    narration: parseFloat(getComputedStyle(host.querySelector(".adviz-narration")).fontSize),
    filled: Math.max(span("left", "right") / view.width, span("top", "bottom") / view.height),
    outside: active.filter((one) => !within(box(one), view)).map(word),
    clipped: words.filter((name) => [...host.querySelectorAll(name)].some(cut)),
    scale: figure.getScreenCTM().a,
  };
};
