import { pgrst, type Refusal } from "./refusal";
import { arrayLiteral, qualified, type Statement } from "./sql";

const OPERATORS: Record<string, string> = {
  eq: "=",
  neq: "<>",
  gt: ">",
  gte: ">=",
  lt: "<",
  lte: "<=",
  like: "like",
  ilike: "ilike",
  match: "~",
  imatch: "~*",
  cs: "@>",
  cd: "<@",
  ov: "&&",
};
const IS: Record<string, string> = {
  null: "null",
  not_null: "not null",
  true: "true",
  false: "false",
  unknown: "unknown",
};

/** SQL condition of one query parameter: `column=op.value`, `or=(…)` or `and=(…)`, on the relation of that alias. */
export function condition(key: string, value: string, alias: string, statement: Statement): string {
  const logic = /^(not\.)?(and|or)$/.exec(key);
  if (logic) return group(logic[2] === "or", logic[1] !== undefined, value, alias, statement);
  return filter(key, value, alias, statement);
}

function group(isOr: boolean, negated: boolean, list: string, alias: string, statement: Statement): string {
  if (!list.startsWith("(") || !list.endsWith(")")) throw unreadable("logic tree", list);
  const parts = split(list.slice(1, -1)).map((part) => {
    const nested = /^(not\.)?(and|or)(\(.*\))$/s.exec(part);
    if (nested?.[3]) return group(nested[2] === "or", nested[1] !== undefined, nested[3], alias, statement);
    const [column, rest] = head(part);
    return filter(column, rest, alias, statement);
  });
  return `${negated ? "not " : ""}(${parts.join(isOr ? " or " : " and ")})`;
}

function filter(column: string, text: string, alias: string, statement: Statement): string {
  const negated = text.startsWith("not.");
  const [operator, operand] = head(negated ? text.slice(4) : text);
  const field = qualified(alias, unquoted(column));
  const compared = comparison(field, operator, operand, statement);
  if (compared === null) throw unreadable("filter", text);
  return negated ? `not ${compared}` : compared;
}

function comparison(field: string, operator: string, operand: string, statement: Statement): string | null {
  if (operator === "is") return IS[operand.toLowerCase()] ? `${field} is ${IS[operand.toLowerCase()]}` : null;
  if (operator === "isdistinct") return `${field} is distinct from ${statement.value(operand)}`;
  if (operator === "in") {
    if (!operand.startsWith("(") || !operand.endsWith(")")) return null;
    const items = operand === "()" ? [] : split(operand.slice(1, -1)).map(unquoted);
    return `${field} = any (${statement.value(arrayLiteral(items))})`;
  }
  const symbol = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  if (symbol === undefined) return null;
  return `${field} ${symbol} ${statement.value(symbol.endsWith("like") ? operand.replaceAll("*", "%") : operand)}`;
}

function head(text: string): [string, string] {
  const quoted = /^("(?:[^"\\]|\\.)*")\.(.*)$/s.exec(text);
  if (quoted) return [quoted[1] ?? "", quoted[2] ?? ""];
  const dot = text.indexOf(".");
  if (dot < 0) throw unreadable("filter", text);
  return [text.slice(0, dot), text.slice(dot + 1)];
}

/** Parts between the commas that are in no quotes and no brackets. */
export function split(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (quoted && character === "\\") at++;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && (character === "(" || character === "{")) depth++;
    else if (!quoted && (character === ")" || character === "}")) depth--;
    else if (!quoted && depth === 0 && character === ",") {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}

/** A name or value without the quotes that it may stand in. */
export function unquoted(text: string): string {
  const inner = /^"(.*)"$/s.exec(text)?.[1];
  return inner === undefined ? text : inner.replaceAll(/\\(.)/gs, "$1");
}

/** PGRST100: a query parameter of a form that the stand-in does not read. */
export function unreadable(what: string, text: string): Refusal {
  return pgrst(400, "PGRST100", `"failed to parse ${what} (${text})" (line 1, column 1)`, "unexpected text");
}
