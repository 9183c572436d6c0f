import * as ts from "@tslab/typescript-for-tslab";

/**
 * Rewrites a cell so that an interrupt ends it at its next await: `await x` becomes `await __tslab__.still(x)`, and
 * `for await (const x of xs)` walks `__tslab__.guarded(xs)`. JavaScript cannot be stopped from outside.
 */
export const interruptible: ts.TransformerFactory<ts.SourceFile> = (context) => {
  const call = (name: string, expression: ts.Expression): ts.Expression =>
    context.factory.createCallExpression(
      context.factory.createPropertyAccessExpression(context.factory.createIdentifier("__tslab__"), name),
      undefined,
      [expression],
    );
  const visit = (node: ts.Node): ts.Node => {
    const inner = ts.visitEachChild(node, visit, context);
    if (ts.isAwaitExpression(inner)) {
      return context.factory.updateAwaitExpression(inner, call("still", inner.expression));
    }
    if (!ts.isForOfStatement(inner) || inner.awaitModifier === undefined) return inner;
    const { awaitModifier, initializer, expression, statement } = inner;
    return context.factory.updateForOfStatement(
      inner,
      awaitModifier,
      initializer,
      call("guarded", expression),
      statement,
    );
  };
  return (file) => ts.visitEachChild(file, visit, context);
};
