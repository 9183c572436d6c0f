/** The page's few colours: dark text on light, one colour for the model, greys for what it is compared with. */
export const COLOURS = {
  paper: "#ffffff",
  text: "#1d2733",
  quiet: "#5d6b7a",
  line: "#e3e8ee",
  faint: "#a9bdd1",
  model: "#1f5f99",
  other: "#8794a3",
  best: "#4f8a5b",
  warm: "#b4622d",
} as const;
