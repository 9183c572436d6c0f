import { find } from "./element";

const KEY = "thumbrank-theme";
export type Theme = "light" | "dark";

/** Whether the page is shown light or dark: as the reader chose, else as the system says. */
export function currentTheme(): Theme {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** Lets the reader switch between light and dark; the reader's system decides until then. */
export function startTheme(): void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const button = find("theme", HTMLButtonElement);
  const show = () => button.setAttribute("aria-pressed", String(currentTheme() === "dark"));
  const kept = recall();
  if (kept !== null) document.documentElement.dataset.theme = kept;
  button.addEventListener("click", () => {
    const theme = currentTheme() === "dark" ? "light" : "dark";
    document.documentElement.dataset.theme = theme;
    remember(theme);
    show();
  });
  system.addEventListener("change", show);
  show();
}

/** Browsers may forbid pages to keep anything; the switch works without it. */
function recall(): Theme | null {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === "light" || kept === "dark" ? kept : null;
  } catch {
    return null;
  }
}

function remember(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // The choice then lasts until the page is left.
  }
}
