// To the kernel each cell is a module that sees what earlier ones declared, until a later one declares it again. So
// here each cell becomes a module that imports what it uses from the latest cell that declares it: one file of all
// cells would refuse a second `const`, and would know of `let profile = "sample"` that it is no other profile.
import ts from "typescript";

const parse = (source) => ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ES2022, true);

function* bindings(name) {
  if (ts.isIdentifier(name)) yield name.text;
  else for (const element of name.elements) if (ts.isBindingElement(element)) yield* bindings(element.name);
}

function* imported({ importClause: clause }) {
  if (clause?.name) yield clause.name.text;
  const named = clause?.namedBindings;
  if (named && ts.isNamespaceImport(named)) yield named.name.text;
  else if (named) for (const { name } of named.elements) yield name.text;
}

function* namesOf(statement) {
  if (ts.isImportDeclaration(statement)) yield* imported(statement);
  else if (ts.isVariableStatement(statement))
    for (const { name } of statement.declarationList.declarations) yield* bindings(name);
  else if (ts.isDeclarationStatement(statement) && statement.name) yield statement.name.text;
}

const isFixed = (statement) =>
  !ts.isVariableStatement(statement) || (statement.declarationList.flags & ts.NodeFlags.Const) !== 0;
const isExported = (statement) => statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

/** Calls `see` with each identifier below a node. */
function eachIdentifier(node, see) {
  if (ts.isIdentifier(node)) see(node);
  ts.forEachChild(node, (child) => eachIdentifier(child, see));
}

/** Whether this identifier stands where a value is written to it. */
function isWritten(node) {
  const { parent } = node;
  if (ts.isBinaryExpression(parent)) return parent.left === node && ts.isAssignmentOperator(parent.operatorToken.kind);
  const steps = [ts.SyntaxKind.PlusPlusToken, ts.SyntaxKind.MinusMinusToken];
  return (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent)) && steps.includes(parent.operator);
}

function facts(source) {
  const file = parse(source);
  const found = { declared: new Map(), exported: new Set(), used: new Set(), written: new Set() };
  for (const statement of file.statements)
    for (const name of namesOf(statement)) {
      found.declared.set(name, { isFixed: isFixed(statement) });
      if (isExported(statement)) found.exported.add(name);
    }
  eachIdentifier(file, (node) => {
    found.used.add(node.text);
    if (isWritten(node)) found.written.add(node.text);
  });
  return found;
}

/** An import binding cannot be written: a cell that writes gets a variable of the declared type. */
function variable(name, module) {
  const type = `typeof ${name}$`;
  return `import { ${name} as ${name}$ } from "./${module}"; let ${name}: ${type} = null as unknown as ${type};`;
}

/**
 * The modules of a notebook's code cells. Line 1 of each is ours, the cell's lines follow.
 * @param {string} notebook its name, without extension
 * @param {string[]} sources its code cells
 * @returns {{ module: string, text: string }[]} named `NOTEBOOK_NN`, NN from 01
 */
export function modulesOf(notebook, sources) {
  const scope = new Map();
  return sources.map((source, at) => {
    const module = `${notebook}_${String(at + 1).padStart(2, "0")}`;
    const { declared, exported, used, written } = facts(source);
    const head = [];
    const here = new Map(declared);
    for (const name of used) {
      const earlier = scope.get(name);
      if (!earlier || declared.has(name)) continue;
      const isVariable = written.has(name) && !earlier.isFixed;
      head.push(isVariable ? variable(name, earlier.module) : `import { ${name} } from "./${earlier.module}";`);
      if (isVariable) here.set(name, { isFixed: false });
    }
    for (const [name, { isFixed }] of here) scope.set(name, { module, isFixed });
    const shown = [...here.keys()].filter((name) => !exported.has(name));
    return { module, text: `${head.join(" ")}\n${source}\nexport { ${shown.join(", ")} };\n` };
  });
}
