/** What the title-hash encoder counts in a title, by name; each result is about 0 to 1. */
export const SIGNS: readonly ((title: string) => number)[] = [
  (title) => length(title) / 100,
  (title) => words(title).length / 16,
  (title) => Math.abs(length(title) - 50) / 50,
  (title) => share(title, /\p{Lu}/gu, /\p{L}/gu),
  (title) => (words(title).filter((word) => /^\p{Lu}{2,}$/u.test(word)).length > 0 ? 1 : 0),
  (title) => upTo(4, words(title).filter((word) => /^\p{Lu}{2,}$/u.test(word)).length),
  (title) => upTo(6, matches(title, /\p{Nd}/gu)),
  (title) => has(title, /\p{Nd}/u),
  (title) => has(title, /^\W*\p{Nd}/u),
  (title) => has(title, /\b(19|20)\d\d\b/),
  (title) => has(title, /[$€£]\s?\d|\d\s?[$€£]/),
  (title) => has(title, /[?？]/),
  (title) => has(title, /[!！]/),
  (title) => upTo(3, matches(title, /[!！]/g)),
  (title) => has(title, /\.\.\.|…/),
  (title) => has(title, /[([【]/),
  (title) => has(title, /[|｜]/),
  (title) => has(title, /[:：]/),
  (title) => has(title, /\s[-–—]\s/),
  (title) => has(title, /#\p{L}/u),
  (title) => has(title, /["“”«»]/),
  (title) => has(title, /\p{Extended_Pictographic}/u),
  (title) => upTo(3, matches(title, /\p{Extended_Pictographic}/gu)),
  (title) => has(title, /\b(i|me|my|we|our)\b/i),
  (title) => has(title, /\b(you|your)\b/i),
  (title) => has(title, /\bhow\b/i),
  (title) => has(title, /\b(why|what|who|when|where|which)\b/i),
  (title) => has(title, /\b(best|worst|most|ever|never|only|first|last)\b/i),
  (title) => has(title, /\b(vs|versus)\b/i),
  (title) => has(title, /\b(new|now|today|update|live)\b/i),
  (title) => share(title, /[^\p{L}\p{N}\s]/gu, /\S/gu),
  (title) => length(words(title).reduce((longest, word) => (length(word) > length(longest) ? word : longest), "")) / 16,
];

/** Words: runs of letters and digits, of any script. */
export function words(text: string): string[] {
  return text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
}

function length(text: string): number {
  return [...text].length;
}

function matches(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

function has(text: string, pattern: RegExp): number {
  return pattern.test(text) ? 1 : 0;
}

function upTo(most: number, count: number): number {
  return Math.min(count, most) / most;
}

function share(text: string, part: RegExp, whole: RegExp): number {
  return matches(text, part) / Math.max(1, matches(text, whole));
}
