const RATE = /^([+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d{1,3})?) ?(%?)$/i;
/** Whole, or as pandas shows whole numbers where a column has gaps: 12.0, and 12,0 with a decimal comma. */
const PLAIN = /^(\d+)(?:\.0*|,0{1,2})?$/;
/** Groups of three after blanks or apostrophes, or after two or more commas or points; or lakhs and crores. */
const GROUPED = /^\d{1,3}(?:(?:[ \u00a0\u202f'’]\d{3})+|(?:,\d{3}){2,}|(?:\.\d{3}){2,}|(?<=^\d\d?)(?:,\d\d)+,\d{3})$/;
const SCIENTIFIC = /^\d(?:\.\d+)?e\+?\d{1,2}$/i;
/** 12, with three decimals, or twelve thousand. */
const AMBIGUOUS = /^[1-9]\d{0,2}\.000$/;
const MAX_CHARACTERS = 40;

/**
 * A count as tables write it: 1234, 1234.0, 1234,0, 1.234e3, 1 234, 1,234,567. What could be two numbers is none: 1,234 and
 * 12.000.
 */
export function parseCount(text: string): number | undefined {
  const written = text.trim();
  if (written.length > MAX_CHARACTERS || AMBIGUOUS.test(written)) return undefined;
  const whole = PLAIN.exec(written)?.[1];
  if (whole !== undefined) return Number(whole);
  if (GROUPED.test(written)) return Number(written.replace(/\D/g, ""));
  const count = SCIENTIFIC.test(written) ? Number(written) : Number.NaN;
  return Number.isInteger(count) ? count : undefined;
}

/** What is wrong with a text that is no count. */
export function countAdvice(text: string): string {
  const written = text.trim();
  if (/^\d{1,3}[.,]\d{3}$/.test(written))
    return `is ambiguous; write it as ${written.replace(/\D/, "")} if that is meant`;
  return "is not a whole number of at least 0";
}

/** A rate as tables write it: 0.043, 0,043, 4.3e-2, 4.3 %. @returns NaN for what is none */
export function parseRate(text: string): number {
  const [, number, percent] = RATE.exec(text.trim()) ?? [];
  return Number(number?.replace(",", ".") ?? Number.NaN) / (percent ? 100 : 1);
}
