import { SourceMap } from "node:module";
import type { Converter } from "tslab/dist/converter";
import { CellDoesNotCompile } from "./errors";
import { endsInAssignment } from "./last";
import { spellOutNames } from "./names";
import { lastMaps } from "./typescript";

/** A compiled cell. */
export interface Compiled {
  /** JavaScript; undefined for a cell that only has types. */
  code: string | undefined;
  /** Declarations that later cells see. */
  declarations: string;
  /** Name in `exports` of the last expression's value, if it is to be shown. */
  lastExpression: string | undefined;
}

/** tslab puts `export {};` and a line break before each cell. */
const LINES_BEFORE = 1;

interface Traced {
  maps: [SourceMap, SourceMap];
  lines: number;
}

const cells = new Map<string, Traced>();

/**
 * Compiles a cell after the declarations of earlier cells.
 * @param name shown in stack traces, see `originalLine`
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
 * The line of a cell's source, from 1, that a position in its compiled code came from; undefined if the compiler made
 * it up.
 * @param line counted from 0, like the column
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
