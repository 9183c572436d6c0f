import { SourceMap } from "node:module";
import type { Converter } from "tslab/dist/converter";
import { CellDoesNotCompile } from "./errors";
import { endsInAssignment } from "./last";
import { spellOutNames } from "./names";
import { lastMaps } from "./typescript";

/** A cell as it runs. */
export interface Compiled {
  /** JavaScript; undefined for a cell of types alone. */
  code: string | undefined;
  /** Declarations that later cells see. */
  declarations: string;
  /** Under this name of `exports` lies the value of the last expression, where it is to be shown. */
  lastExpression: string | undefined;
}

/** tslab puts `export {};` and a line break before a cell. */
const LINES_BEFORE = 1;

interface Traced {
  maps: [SourceMap, SourceMap];
  lines: number;
}

const cells = new Map<string, Traced>();

/**
 * Compiles a cell after the declarations of those before it.
 * @param name stands in stack traces, see `originalLine`
 * @throws CellDoesNotCompile
 */
export function compileCell(converter: Converter, name: string, source: string, declarations: string): Compiled {
  const spelledOut = spellOutNames(source);
  const { diagnostics, output, declOutput, lastExpressionVar } = converter.convert(declarations, spelledOut);
  if (diagnostics.length > 0) throw new CellDoesNotCompile(diagnostics);
  if (output !== undefined) trace(name, output);
  return {
    code: output?.replaceAll(/^\/\/# sourceMappingURL=.*$/gm, ""),
    declarations: declOutput ?? "",
    lastExpression: endsInAssignment(source) ? undefined : lastExpressionVar,
  };
}

function trace(name: string, output: string): void {
  const maps: Traced["maps"] = [parseSourceMap(lastMaps.toCommonJs), parseSourceMap(lastMaps.toJavaScript)];
  cells.set(name, { maps, lines: output.split("\n").length });
}

const parseSourceMap = (json: string) => new SourceMap(JSON.parse(json));

/**
 * The line of a cell's source, from 1, that became a place in its code; undefined if the compiler made it up.
 * @param line from 0, and so the column
 */
export function originalLine(name: string, line: number, column: number): number | undefined {
  const cell = cells.get(name);
  if (cell === undefined || line >= cell.lines - 1) return undefined;
  let place: [number, number] = [line, column];
  for (const map of cell.maps) {
    const entry = map.findEntry(...place);
    if (!("originalLine" in entry)) return undefined;
    place = [entry.originalLine, entry.originalColumn];
  }
  const found = place[0] + 1 - LINES_BEFORE;
  return found > 0 ? found : undefined;
}
