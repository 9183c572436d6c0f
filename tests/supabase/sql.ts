/** A statement that is being put together: text with $1, $2, …, and what they stand for. */
export class Statement {
  readonly values: unknown[] = [];

  /** Places a value and gives its placeholder. */
  value(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

/** A quoted identifier, whatever its text is. Throws on a NUL, which no identifier can hold. */
export function identifier(name: string): string {
  if (name.includes("\0")) throw new Error("an identifier cannot hold a NUL");
  return `"${name.replaceAll('"', '""')}"`;
}

/** A qualified name, quoted. */
export function qualified(...names: string[]): string {
  return names.map(identifier).join(".");
}

/** PostgreSQL's array literal of these texts. */
export function arrayLiteral(items: string[]): string {
  return `{${items.map((item) => `"${item.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`).join(",")}}`;
}
