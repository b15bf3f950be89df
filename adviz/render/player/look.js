// How a player looks: its theme, the full screen, and whether the table is there.

import { button } from "./controls.js";
import { remember, remembered } from "./memory.js";

const THEMES = ["light", "dark"];

const prefers = (feature) => matchMedia(`(prefers-${feature})`).matches;

export const isCalm = () => prefers("reduced-motion: reduce");
export const isOwnPage = () => document.documentElement.classList.contains("adviz-page");

/** Tell whether a host is dark by itself: as a rule of its notebook or page, else its system says. */
function isDarkAround(host) {
  const scheme = getComputedStyle(host).colorScheme;
  const [isLight, isDark] = THEMES.map((theme) => scheme.includes(theme));
  return isLight === isDark ? isLight && prefers("color-scheme: dark") : isDark;
}

export class Look {
  constructor(host, changed) {
    Object.assign(this, { host, changed });
    const theme = isOwnPage() && !host.dataset.theme && remembered("theme");
    if (THEMES.includes(theme)) host.dataset.theme = theme;
    this.themeButton = button("theme", "Dark theme", () => this.changeTheme());
    this.showTheme();
    this.showScreen();
    document.addEventListener("fullscreenchange", () => this.showScreen());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.showTheme());
  }

  buttons() {
    if (!document.fullscreenEnabled) return [this.themeButton];
    return [
      this.themeButton,
      button("full", "Full screen", () => this.changeScreen(), "Shift+F"),
    ];
  }

  get isDark() {
    const { theme } = this.host.dataset;
    return theme ? theme === "dark" : isDarkAround(this.host);
  }

  changeTheme() {
    this.choose(this.isDark ? "light" : "dark");
    remember("theme", this.host.dataset.theme);
  }

  /** Take a theme, or that of the surroundings. */
  choose(theme) {
    if (THEMES.includes(theme)) this.host.dataset.theme = theme;
    else delete this.host.dataset.theme;
    this.showTheme();
    this.changed();
  }

  showTheme() {
    this.themeButton.setAttribute("aria-pressed", this.isDark);
    this.themeButton.title = this.isDark ? "Light theme" : "Dark theme";
  }

  changeScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (document.fullscreenEnabled) this.host.requestFullscreen();
  }

  /** A page of its own and the full screen are filled; a cell of a notebook takes what it needs. */
  showScreen() {
    this.host.classList.toggle("is-filling", isOwnPage() || this.host.matches(":fullscreen"));
  }
}
