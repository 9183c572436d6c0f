import ts from "@tslab/typescript-for-tslab";

/** Whether a cell ends in an assignment, whose value nobody asked to see: `epochs = 5;`, as in injected parameters. */
export function endsInAssignment(source: string): boolean {
  const last = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ES2022).statements.at(-1);
  if (last === undefined || !ts.isExpressionStatement(last) || !ts.isBinaryExpression(last.expression)) return false;
  const { kind } = last.expression.operatorToken;
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}
