import { COLOURS } from "./colours";

/** The page's style: one column, readable on a phone, dark text on light. */
export const STYLE = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: ${COLOURS.paper}; color: ${COLOURS.text}; font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .75rem; }
h2 { font-size: 1.25rem; margin: 2.75rem 0 .5rem; padding-top: .75rem; border-top: 1px solid ${COLOURS.line}; }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
h4 { font-size: .875rem; margin: 0 0 .5rem; overflow-wrap: anywhere; }
p, ul { max-width: 46rem; margin: .5rem 0; }
ul { padding-left: 1.2rem; } li { margin: .35rem 0; }
code { font-size: .9em; overflow-wrap: anywhere; }
.quiet { color: ${COLOURS.quiet}; }
.answer { font-size: 1.125rem; }
.notice { margin: 0 0 1rem; background: #fbf3e6; border-left: 4px solid ${COLOURS.warm}; padding: .6rem .9rem; }
.scroll { overflow-x: auto; margin: .75rem 0; }
.scroll:focus-visible { outline: 2px solid ${COLOURS.model}; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .4rem .9rem .4rem 0; border-bottom: 1px solid ${COLOURS.line}; white-space: nowrap; vertical-align: middle; }
td:last-child { white-space: normal; min-width: 18rem; padding-right: 0; }
thead th { color: ${COLOURS.quiet}; font-weight: 600; font-size: .8rem; }
tbody th { font-weight: 500; min-width: 9.5rem; max-width: 16rem; white-space: normal; overflow-wrap: anywhere; position: sticky; left: 0; background: ${COLOURS.paper}; }
tr.model th, tr.model b { color: ${COLOURS.model}; font-weight: 700; }
tr.best th { color: ${COLOURS.best}; }
.strip { display: block; }
.plot { width: 100%; min-height: 200px; }
.two { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1rem 2rem; }
.two > * { min-width: 0; }
details > summary { cursor: pointer; color: ${COLOURS.model}; margin: .75rem 0; }
.pairs { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 22rem), 1fr)); gap: 1rem; margin: .75rem 0; }
.pair { border: 1px solid ${COLOURS.line}; border-radius: .5rem; padding: .75rem; min-width: 0; }
.sides { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem; }
figure { margin: 0; min-width: 0; }
figure img, .missing { display: block; width: 100%; aspect-ratio: 16 / 9; object-fit: cover; border-radius: .25rem; background: ${COLOURS.line}; }
.missing { display: grid; place-items: center; color: ${COLOURS.quiet}; font-size: .8rem; }
figcaption { font-size: .8rem; line-height: 1.4; margin-top: .35rem; }
.title { display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; overflow: hidden; overflow-wrap: anywhere; }
@media (max-width: 40rem) {
  body { font-size: 15px; }
  main { padding: 1rem .9rem 3rem; }
  h1 { font-size: 1.4rem; }
  tbody th { min-width: 6.5rem; max-width: 8.5rem; }
}
@media print { .scroll { overflow: visible; } .pair { break-inside: avoid; } }
`;
