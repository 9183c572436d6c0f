import ts from "@tslab/typescript-for-tslab";

/**
 * `{ home }` as `{ home: home }`, line by line the same. tslab turns names of earlier cells into properties of
 * `exports`, but leaves those of shorthand properties as they are, which then are not defined.
 */
export function spellOutShorthand(source: string): string {
  const names: ts.Identifier[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isShorthandPropertyAssignment(node)) names.push(node.name);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ES2022));
  return names.reduceRight((text, { text: name, end }) => `${text.slice(0, end)}: ${name}${text.slice(end)}`, source);
}
