/** What programs write for a value that is not there, in lower case; blanks around it do not count. */
const BLANKS = new Set([
  ..."na n/a n.a. #n/a #na <na> nan -nan nat null (null) [null] none nil undefined unknown missing empty".split(" "),
  ..."hidden private disabled false \\n".split(" "),
  ..."#null! #value! #ref! #name? #num! #div/0!".split(" "),
  ..."#n/a n/a|1.#ind|-1.#ind|1.#qnan|-1.#qnan|not available|no data|(blank)|(empty)".split("|"),
]);
/** Dashes, dots, question marks, empty brackets: signs that say nothing by themselves. */
const ONLY_SIGNS = /^[\p{P}\p{Sm}\p{Z}\p{C}]*$/u;
/** Of these, those that nobody would call a channel. */
const BLANK_TITLES = new Set(["", "#n/a", "<na>", "\\n"]);
const LONGEST = 20;

/** Whether a cell of an optional column says that there is no value. */
export function isBlankCell(cell: string): boolean {
  return BLANKS.has(normalized(cell)) || ONLY_SIGNS.test(cell);
}

/** The same for titles, which may well be None, NA or a dash. */
export function isBlankTitle(cell: string): boolean {
  return BLANK_TITLES.has(normalized(cell));
}

function normalized(cell: string): string {
  const trimmed = cell.trim();
  return trimmed.length > LONGEST ? trimmed : trimmed.toLowerCase();
}
