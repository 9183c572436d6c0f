/** Colours by name, each with its value on a light and on a dark page; a test measures their contrast. */
export const THEME = {
  paper: ["#ffffff", "#14191f"],
  text: ["#1d2733", "#e6ebf0"],
  /** For secondary content: notes, axes. */
  quiet: ["#566473", "#a3b0bd"],
  /** For rules and grids, which carry no meaning. */
  line: ["#e3e8ee", "#313b46"],
  /** For intervals around a value. */
  faint: ["#6f8aa6", "#6f8aa6"],
  model: ["#1f5f99", "#6db3f2"],
  other: ["#71808f", "#8a97a6"],
  truth: ["#3a7547", "#7cc98c"],
  warm: ["#a85624", "#e8965c"],
  /** Background of a notice. */
  notice: ["#fbf3e6", "#2b2116"],
} as const;

export type ColourName = keyof typeof THEME;

/** The colours as CSS variables, for styles and SVG attributes. */
export const COLOURS = Object.fromEntries(Object.keys(THEME).map((name) => [name, `var(--${name})`])) as Record<
  ColourName,
  string
>;

/** CSS that defines the colours: light ones for light screens and for print, dark ones for dark screens. */
export function colourStyle(): string {
  const variables = (at: 0 | 1) =>
    Object.entries(THEME)
      .map(([name, colours]) => `--${name}: ${colours[at]};`)
      .join(" ");
  return `:root { color-scheme: light dark; ${variables(0)} }
@media screen and (prefers-color-scheme: dark) { :root { ${variables(1)} } }
@media print { :root { color-scheme: light; } }`;
}
