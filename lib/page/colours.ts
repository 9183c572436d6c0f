/** Each colour's name, and what it is on light and on dark paper; a test measures their contrast. */
export const THEME = {
  paper: ["#ffffff", "#14191f"],
  text: ["#1d2733", "#e6ebf0"],
  /** Of what stands back: notes, axes. */
  quiet: ["#566473", "#a3b0bd"],
  /** Rules and grids, which carry no meaning. */
  line: ["#e3e8ee", "#313b46"],
  /** Intervals around a value. */
  faint: ["#6f8aa6", "#6f8aa6"],
  model: ["#1f5f99", "#6db3f2"],
  other: ["#71808f", "#8a97a6"],
  best: ["#3a7547", "#7cc98c"],
  warm: ["#a85624", "#e8965c"],
  /** Behind a notice. */
  notice: ["#fbf3e6", "#2b2116"],
} as const;

export type ColourName = keyof typeof THEME;

/** A page's colours as CSS has them, in styles and attributes of SVG alike. */
export const COLOURS = Object.fromEntries(Object.keys(THEME).map((name) => [name, `var(--${name})`])) as Record<
  ColourName,
  string
>;

/** The colours for light paper, which printers have too, and for dark screens. */
export function colourStyle(): string {
  const variables = (at: 0 | 1) =>
    Object.entries(THEME)
      .map(([name, colours]) => `--${name}: ${colours[at]};`)
      .join(" ");
  return `:root { color-scheme: light dark; ${variables(0)} }
@media screen and (prefers-color-scheme: dark) { :root { ${variables(1)} } }
@media print { :root { color-scheme: light; } }`;
}
