/** Names within a message: the first `most` of them, and how many more there are; "none" if there is none. */
export function listed(names: readonly string[], most = 20): string {
  const more = names.length - most;
  if (names.length === 0) return "none";
  return `${names.slice(0, most).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
