import { COLOURS, colourStyle } from "./colours";

/** Background of scrollable content: a shadow on each side that has more to scroll to, covered at the end. */
const SCROLL_SHADOWS = [
  `linear-gradient(to right, ${COLOURS.paper} 30%, transparent) left / 40px 100% no-repeat local`,
  `linear-gradient(to left, ${COLOURS.paper} 30%, transparent) right / 40px 100% no-repeat local`,
  `linear-gradient(to right, rgba(128, 136, 146, .55), transparent) left / 12px 100% no-repeat scroll`,
  `linear-gradient(to left, rgba(128, 136, 146, .55), transparent) right / 12px 100% no-repeat scroll`,
].join(", ");

/** The style of every page: one column, readable on a phone, in dark mode and in print. */
export const PAGE_STYLE = `
${colourStyle()}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: ${COLOURS.paper}; color: ${COLOURS.text}; font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .75rem; }
h2 { font-size: 1.25rem; margin: 2.75rem 0 .5rem; padding-top: .75rem; border-top: 1px solid ${COLOURS.line}; }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
p, ul { max-width: 46rem; margin: .5rem 0; overflow-wrap: break-word; }
ul { padding-left: 1.2rem; } li { margin: .35rem 0; }
code { font-size: .9em; overflow-wrap: anywhere; }
:focus-visible { outline: 2px solid ${COLOURS.model}; outline-offset: 2px; }
.quiet { color: ${COLOURS.quiet}; }
.notice { margin: 0 0 1rem; background: ${COLOURS.notice}; border-left: 4px solid ${COLOURS.warm}; padding: .6rem .9rem; }
.scroll { overflow-x: auto; margin: .75rem 0; background: ${SCROLL_SHADOWS}; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .4rem .9rem .4rem 0; border-bottom: 1px solid ${COLOURS.line}; white-space: nowrap; vertical-align: middle; }
thead th { color: ${COLOURS.quiet}; font-weight: 600; font-size: .8rem; }
tbody th { font-weight: 500; min-width: 9.5rem; max-width: 16rem; white-space: normal; overflow-wrap: anywhere; position: sticky; left: 0; background: ${COLOURS.paper}; }
figure { margin: 0; min-width: 0; }
figure img, .missing { display: block; width: 100%; aspect-ratio: 16 / 9; object-fit: cover; border-radius: .25rem; background: ${COLOURS.line}; }
.missing { display: grid; place-items: center; background: none; border: 1px dashed ${COLOURS.quiet}; color: ${COLOURS.quiet}; font-size: .8rem; }
figcaption { font-size: .8rem; line-height: 1.4; margin-top: .35rem; }
@media (max-width: 40rem) {
  body { font-size: 15px; }
  main { padding: 1rem .9rem 3rem; }
  h1 { font-size: 1.4rem; }
  tbody th { min-width: 6.5rem; max-width: 8.5rem; }
}
@media print { .scroll { overflow: visible; background: none; } figure, tr, li { break-inside: avoid; } h2, h3 { break-after: avoid; } }
`;
