/** ISO 639 codes that name no language: nothing spoken, not determined, several, not coded. */
const NO_LANGUAGE = new Set(["zxx", "und", "mul", "mis"]);
const PRIMARY = /^[A-Za-z]{2,3}(?=-|$)/;

/** A language tag in BCP 47's canonical form ("eng_us" is "en-US"); null if it names no language. */
export function languageTag(text: string): string | null {
  const tag = text.trim().replaceAll("_", "-");
  const primary = PRIMARY.exec(tag)?.[0];
  if (primary === undefined) return null;
  const canonical = canonicalTag(tag) ?? canonicalTag(primary);
  return canonical === null || NO_LANGUAGE.has(primaryLanguage(canonical)) ? null : canonical;
}

/** "en" of "en-GB". */
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
