/** Lists names for a message: the first `most` of them and the number of the rest; "none" if there are none. */
export function listed(names: readonly string[], most = 20): string {
  const more = names.length - most;
  if (names.length === 0) return "none";
  return `${names.slice(0, most).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
