/** ISO 639 codes that stand for no single language: no linguistic content, undetermined, multiple, uncoded. */
const NO_LANGUAGE = new Set(["zxx", "und", "mul", "mis"]);
const PRIMARY = /^[A-Za-z]{2,3}(?=-|$)/;

/** Converts a language tag to BCP 47's canonical form ("eng_us" becomes "en-US"); null if it names no language. */
export function languageTag(text: string): string | null {
  const tag = text.trim().replaceAll("_", "-");
  const primary = PRIMARY.exec(tag)?.[0];
  if (primary === undefined) return null;
  const canonical = canonicalTag(tag) ?? canonicalTag(primary);
  return canonical === null || NO_LANGUAGE.has(primaryLanguage(canonical)) ? null : canonical;
}

/** The primary subtag of a language tag: "en" for "en-GB". */
export function primaryLanguage(tag: string): string {
  return tag.split("-")[0] ?? tag;
}

function canonicalTag(tag: string): string | null {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null;
  } catch {
    return null;
  }
}
