const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const MONTH =
  "(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?";
const WEEKDAY = "(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? )?";

/** Each matches year, month, day and the rest of the text. */
const DATES: [RegExp, order: [year: number, month: number, day: number]][] = [
  [/^(\d{4})-(\d\d?)-(\d\d?)(.*)$/, [1, 2, 3]],
  [/^(\d{4})\/(\d\d?)\/(\d\d?)(.*)$/, [1, 2, 3]],
  [/^(\d{4})\.(\d\d?)\.(\d\d?)(.*)$/, [1, 2, 3]],
  // Other eight-digit numbers are more likely seconds.
  [/^(20\d\d)(\d\d)(\d\d)((?:T.*)?)$/i, [1, 2, 3]],
  [new RegExp(`^${WEEKDAY}(\\d\\d?)[ -]${MONTH},?[ -](\\d{4})(.*)$`, "i"), [3, 2, 1]],
  [new RegExp(`^${WEEKDAY}${MONTH} (\\d\\d?),? (\\d{4})(.*)$`, "i"), [3, 1, 2]],
];
const TIME = /^(?:T| |, )(\d\d?(?=:)|\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?(?: ?([ap])\.?m\b\.?)?(.*)$/i;
/**
 * An offset may use ISO 8601's own minus sign, and may be followed by the zone's name, as Go, JavaScript and Java (RFC
 * 9557) write it.
 */
const ZONE =
  /^ ?(?:(?:z|utc|gmt)|(?:utc|gmt)?([+\-\u2212])(\d\d)(?::?(\d\d))?(?::?(\d\d))?(?: [a-z]{3,5}| \([^()]*\))?)(?:\[[\w/+-]+\])?$/i;

const RATE = /^([+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d{1,3})?) ?(%?)$/i;
/** A whole number, also as pandas writes it in a column with gaps: 12.0, or 12,0 with a decimal comma. */
const PLAIN = /^(\d+)(?:\.0*|,0{1,2})?$/;
/** Groups of three separated by blanks or apostrophes, or by two or more commas or points; or lakhs and crores. */
const GROUPED = /^\d{1,3}(?:(?:[ \u00a0\u202f'’]\d{3})+|(?:,\d{3}){2,}|(?:\.\d{3}){2,}|(?<=^\d\d?)(?:,\d\d)+,\d{3})$/;
const SCIENTIFIC = /^\d(?:\.\d+)?e\+?\d{1,2}$/i;
/** Either 12 with three decimals, or twelve thousand. */
const AMBIGUOUS = /^[1-9]\d{0,2}\.000$/;
const MAX_CHARACTERS = 40;

/**
 * Parses a date and time as written by ISO 8601, PostgreSQL, DuckDB, yt-dlp, spreadsheets, mail headers or English
 * prose, if only one reading is possible. Without a zone it is UTC; a day without a time is its midnight; fractions are
 * read to the millisecond.
 * @returns undefined for anything else: ambiguous days (01/02/2026), bare epochs, days and hours that do not exist
 */
export function parseInstant(text: string): Date | undefined {
  const written = text.trim().replace(/\s+/g, " ");
  for (const [pattern, [year, month, day]] of DATES) {
    const found = pattern.exec(written);
    if (!found) continue;
    const midnight = computeMidnight(Number(found[year]), parseMonth(found[month] ?? ""), Number(found[day]));
    const timeMs = midnight === undefined ? undefined : parseTime(found[4] ?? "");
    return midnight === undefined || timeMs === undefined ? undefined : new Date(midnight + timeMs);
  }
  return undefined;
}

/** Advice on what to write instead of text that is not a date. */
export function instantAdvice(text: string): string {
  const written = text.trim();
  if (/^\d{1,2}[./-]\d{1,2}[./-](\d{2}|\d{4})\b/.test(written)) {
    return "is ambiguous: day first or month first? Write it as 2026-05-31T18:00:00Z";
  }
  if (/^\d{9,19}(\.\d*)?$/.test(written)) {
    return "is a bare number: seconds, or milliseconds? Write it as 2026-05-31T18:00:00Z";
  }
  return "is not a date and time such as 2024-05-31T18:00:00Z";
}

function parseMonth(text: string): number {
  return /^\d/.test(text) ? Number(text) : MONTHS.indexOf(text.slice(0, 3).toLowerCase()) + 1;
}

function computeMidnight(year: number, month: number, day: number): number | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  const exists = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? date.getTime() : undefined;
}

/** Parses the time and zone after a date: milliseconds since UTC midnight of that date. */
function parseTime(text: string): number | undefined {
  if (text.trim() === "") return 0;
  const [, written, minutes, seconds = "0", fraction = "", half, zone = ""] = TIME.exec(text) ?? [];
  const hours = half === undefined ? Number(written) : hoursOfHalf(Number(written), half);
  if (!(hours <= 23) || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const clock = (hours * 60 + Number(minutes)) * 60 + Number(seconds);
  const milliseconds = clock * 1000 + Number(fraction.padEnd(3, "0").slice(0, 3));
  const offset = parseOffset(zone);
  return offset === undefined || Number.isNaN(milliseconds) ? undefined : milliseconds - offset;
}

/** 12 PM is noon. @returns NaN for hours outside a 12-hour clock */
function hoursOfHalf(hours: number, half: string): number {
  return hours >= 1 && hours <= 12 ? (hours % 12) + (half.toLowerCase() === "p" ? 12 : 0) : Number.NaN;
}

/** Milliseconds by which a zone is ahead of UTC. */
function parseOffset(zone: string): number | undefined {
  if (zone.trim() === "") return 0;
  const found = ZONE.exec(zone);
  if (!found) return undefined;
  const [, sign, hours = "0", minutes = "0", seconds = "0"] = found;
  if (Number(hours) > 15 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const ahead = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  return sign === "+" ? ahead : -ahead;
}

/**
 * Parses a count as tables write it: 1234, 1234.0, 1234,0, 1.234e3, 1 234, 1,234,567. Text that could be two numbers is
 * not accepted: 1,234 and 12.000.
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

/** Explains why text is not a count. */
export function countAdvice(text: string): string {
  const written = text.trim();
  if (/^\d{1,3}[.,]\d{3}$/.test(written))
    return `is ambiguous; write it as ${written.replace(/\D/, "")} if that is meant`;
  return "is not a whole number of at least 0";
}

/** Parses a rate as tables write it: 0.043, 0,043, 4.3e-2, 4.3 %. @returns NaN for anything else */
export function parseRate(text: string): number {
  const [, number, percent] = RATE.exec(text.trim()) ?? [];
  return Number(number?.replace(",", ".") ?? Number.NaN) / (percent ? 100 : 1);
}
