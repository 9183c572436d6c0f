import fc from "fast-check";
import { expect, test } from "vitest";
import { escapeControls, escapeLine } from "../../lib/base/escape";

/** What a terminal obeys, reorders or hides; written as ranges apart from the code's Unicode classes. */
function isUnshown(code: number): boolean {
  const within = (ranges: [number, number][]) => ranges.some(([first, last]) => code >= first && code <= last);
  return within([
    ...([
      [0x00, 0x08],
      [0x0b, 0x1f],
      [0x7f, 0x9f],
      [0xad, 0xad],
      [0x61c, 0x61c],
    ] as [number, number][]),
    ...([
      [0x200b, 0x200b],
      [0x200e, 0x200f],
      [0x2028, 0x202e],
      [0x2060, 0x206f],
      [0xfeff, 0xfeff],
    ] as [number, number][]),
    ...([
      [0xfff9, 0xfffb],
      [0xe0000, 0xe0fff],
    ] as [number, number][]),
  ]);
}

const unshownIn = (text: string) => Array.from(text).filter((character) => isUnshown(character.codePointAt(0) ?? 0));

test("no character that a terminal obeys, reorders or hides is left, whatever the text", () => {
  const anyText = fc.string({ unit: "binary" });
  fc.assert(
    fc.property(anyText, (text) => {
      expect(unshownIn(escapeControls(text))).toEqual([]);
    }),
  );
  for (let code = 0; code < 0xf0000; code++) {
    if (isUnshown(code)) expect(escapeControls(String.fromCodePoint(code))).toMatch(/^(\\u[\da-f]{4})+$/);
  }
});

test("escapes are written as JSON writes them", () => {
  expect(escapeControls("a\u001b[2J\u0007\u009b31m\u202egpj.exe")).toBe(
    String.raw`a\u001b[2J\u0007\u009b31m\u202egpj.exe`,
  );
  expect(escapeControls("\r\ud800\u{e0041}")).toBe(String.raw`\u000d\ud800\udb40\udc41`);
});

test("JSON stays the same JSON", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(JSON.parse(escapeControls(JSON.stringify({ [text]: text })))).toEqual({ [text]: text });
    }),
  );
});

test("words of any script and emoji stay as they are, and so do line breaks of a text", () => {
  const texts = ["Größe 日本語 한국어 עברית العربية हिन्दी", "می‌خواهم", "👩‍👩‍👧‍👦 ❤️ 🇩🇪 👍🏽", "one\ttwo\nthree\n"];
  for (const text of texts) expect(escapeControls(text)).toBe(text);
});

test("a value within a line starts no other line", () => {
  expect(escapeLine("a title\nSTORE_LOCKED: forged\tcell\r\n")).toBe(
    String.raw`a title\nSTORE_LOCKED: forged\tcell\u000d\n`,
  );
});
