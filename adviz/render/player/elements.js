// How elements are made: text goes in as text nodes, never as markup.

const HTML = "http://www.w3.org/1999/xhtml";
export const SVG = "http://www.w3.org/2000/svg";
const MATHML = "http://www.w3.org/1998/Math/MathML";

function element(space, tag, attributes = {}, ...children) {
  const made = document.createElementNS(space, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export const html = (...rest) => element(HTML, ...rest);
export const svg = (...rest) => element(SVG, ...rest);
export const math = (...rest) => element(MATHML, ...rest);
