import { shortened } from "../../base";
import type { RankedImage, Ranking } from "../../deployment";
import { isolated } from "./element";

/** Longest name or title within a sentence. */
const LONGEST = 60;

/** What a row of a ranking is called: its picture, with its title where there are several. */
export function rowName({ image, title }: RankedImage, { grid }: Ranking): string {
  const name = isolated(shortened(image, LONGEST));
  return grid === undefined ? name : `${name} with “${isolated(shortened(title ?? "", LONGEST))}”`;
}

/** The best row of each picture with its place among all rows, best first. */
export function bestRows({ ranking }: Ranking): { row: RankedImage; place: number }[] {
  const seen = new Set<number>();
  return ranking.flatMap((row, place) => {
    if (seen.has(row.index)) return [];
    seen.add(row.index);
    return [{ row, place }];
  });
}

/** 1 as "1st", 22 as "22nd". */
export function ordinal(number: number): string {
  const suffixes: Partial<Record<Intl.LDMLPluralRule, string>> = { one: "st", two: "nd", few: "rd" };
  return `${number}${suffixes[new Intl.PluralRules("en", { type: "ordinal" }).select(number)] ?? "th"}`;
}

/** Keeps numbers and their percent signs on one line. */
export function withoutBreaks(text: string): string {
  return text.replaceAll(/(?<=\d) %/g, "\u00a0%");
}
