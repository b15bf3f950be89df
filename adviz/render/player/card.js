// A card above the player: Escape, a click beside it, and its button close it.

import { html } from "./elements.js";

/** Show a card with a heading; a click inside it that leads elsewhere closes it. */
export function showCard(host, heading, ...content) {
  const named = { type: "button", "aria-label": "Close", title: "Close (Esc)" };
  const close = html("button", named, "×");
  const title = html("h2", {}, heading);
  const made = html("dialog", { class: "adviz-card" }, close, title, ...content);
  made.setAttribute("aria-label", heading.getAttribute?.("alttext") ?? heading);
  made.addEventListener("close", () => made.remove());
  made.addEventListener("click", ({ target }) => {
    if (target === made || target.closest("button")) made.close();
  });
  host.querySelector(".adviz-card")?.close();
  host.append(made);
  made.showModal();
}
