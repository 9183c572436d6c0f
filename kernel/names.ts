import ts from "@tslab/typescript-for-tslab";

/**
 * Rewrites `{ home }` to `{ "home": home }`, and `{ home: place } = ...` to `{ "home": place } = ...`; line numbers
 * stay the same. tslab turns identifiers of earlier cells into properties of `exports`. It misses those in shorthand
 * properties, which are then undefined, and mistakes property names for them if an earlier cell has their type.
 */
export function spellOutNames(source: string): string {
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ES2022);
  const edits: { from: number; to: number; text: string }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isShorthandPropertyAssignment(node)) edits.push({ ...placeOf(node.name), text: pairOf(node.name) });
    if (ts.isBindingElement(node) && node.propertyName !== undefined && ts.isIdentifier(node.propertyName)) {
      edits.push({ ...placeOf(node.propertyName), text: JSON.stringify(node.propertyName.text) });
    }
    ts.forEachChild(node, visit);
  };
  const placeOf = (name: ts.Identifier) => ({ from: name.getStart(file), to: name.end });
  visit(file);
  return edits
    .sort((a, b) => a.from - b.from)
    .reduceRight((text, edit) => text.slice(0, edit.from) + edit.text + text.slice(edit.to), source);
}

const pairOf = ({ text }: ts.Identifier) => `${JSON.stringify(text)}: ${text}`;
