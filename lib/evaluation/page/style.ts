import { COLOURS } from "../../page";

/** The report's styles, in addition to those of all pages. */
export const STYLE = `
h4 { font-size: .875rem; margin: 0 0 .5rem; overflow-wrap: anywhere; }
.answer { font-size: 1.125rem; }
td:last-child { white-space: normal; min-width: 18rem; padding-right: 0; }
tr.model th, tr.model b { color: ${COLOURS.model}; font-weight: 700; }
tr.truth th { color: ${COLOURS.truth}; }
.strip { display: block; }
.plot { width: 100%; min-height: 200px; overflow: hidden; }
.two { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1rem 2rem; }
.two > * { min-width: 0; }
details > summary { cursor: pointer; color: ${COLOURS.model}; margin: .75rem 0; }
.pairs { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 22rem), 1fr)); gap: 1rem; margin: .75rem 0; }
.pair { border: 1px solid ${COLOURS.line}; border-radius: .5rem; padding: .75rem; min-width: 0; break-inside: avoid; }
.sides { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem; }
.title { display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; overflow: hidden; overflow-wrap: anywhere; }
@media print { .plot text { fill: ${COLOURS.text} !important; } .plot .gridlayer path { stroke: ${COLOURS.line} !important; } }
`;
