() => {
  const figure = [...document.querySelectorAll(".adviz-graph svg")].find((one) =>
    one.querySelector("[data-node]"),
  );
  const box = (found) => found.getBoundingClientRect();
  const grown = ({ left, top, right, bottom }, by) => ({
    left: left - by,
    top: top - by,
    right: right + by,
    bottom: bottom + by,
  });
  const holds = (one, { x, y }) => x > one.left && x < one.right && y > one.top && y < one.bottom;
  const meet = (one, other) =>
    one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
  const all = (selector, key) =>
    [...figure.querySelectorAll(selector)].map((found) => [
      (found.closest("[data-edge]") ?? found).dataset[key],
      found,
    ]);
  const chips = all("[data-edge] .chip", "edge").map(([id, chip]) => [
    id,
    box(chip.querySelector("rect") ?? chip),
  ]);
  const nodes = all("[data-node]", "node").map(([id, node]) => [
    id,
    box(node.querySelector(".frame") ?? node.querySelector("rect") ?? node),
  ]);
  const points = (curve) => {
    const place = curve.getScreenCTM();
    const length = curve.getTotalLength();
    const count = Math.max(2, Math.ceil(length / 4));
    return Array.from({ length: count + 1 }, (_, k) =>
      curve.getPointAtLength((length * k) / count).matrixTransform(place),
    );
  };
  const curves = all("[data-edge] .curve", "edge").map(([id, curve]) => [id, points(curve)]);
  const found = [];
  chips.forEach(([id, chip], k) => {
    for (const [other, bounds] of chips.slice(k + 1))
      if (meet(grown(chip, -0.5), bounds)) found.push(`chip ${id} on chip ${other}`);
    for (const [node, bounds] of nodes)
      if (meet(grown(chip, -0.5), bounds)) found.push(`chip ${id} on node ${node}`);
    for (const [other, path] of curves)
      if (other !== id && path.some((at) => holds(grown(chip, -1), at)))
        found.push(`chip ${id} on curve ${other}`);
    const own = curves.find(([other]) => other === id);
    if (own && !own[1].some((at) => holds(grown(chip, 1), at))) found.push(`chip ${id} on no curve`);
  });
  for (const [id, path] of curves)
    for (const [node, bounds] of nodes)
      if (path.slice(3, -3).some((at) => holds(grown(bounds, -3), at)))
        found.push(`curve ${id} through node ${node}`);
  return found;
};
