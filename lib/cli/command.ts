import { type RawFlags, type SettingGroups, type Settings, settingsFrom } from "./settings";

/** The heading under which `--help` lists a command. */
export type CommandGroup = "Start" | "Data" | "Training" | "Results" | "Server";

/** A positional argument of a command, such as `<table>`. */
export interface Operand {
  /** In angle brackets; ends in `...>` if several may be given. */
  name: string;
  description: string;
}

/** A command, as the parser, `--help` and the tests see it. */
export interface CliCommand {
  name: string;
  summary: string;
  /** Only for top-level commands. */
  group?: CommandGroup;
  operands: readonly Operand[];
  settings: SettingGroups;
  /** Examples for `--help`, without `thumbrank` and the command's name. */
  examples: readonly string[];
  /** Further text for `--help`. */
  notes?: string;
  subcommands: readonly CliCommand[];
  /**
   * Does the work; undefined if a command only has subcommands.
   * @throws ConfigInvalid before any work
   */
  run?: (flags: RawFlags, operands: string[]) => Promise<void>;
}

interface CommandDefinition<Groups extends SettingGroups> {
  name: string;
  summary: string;
  group?: CommandGroup;
  operands?: readonly Operand[];
  settings: Groups;
  examples?: readonly string[];
  notes?: string;
  subcommands?: readonly CliCommand[];
  /** @param flags those that were given, unparsed, to tell them from defaults */
  run?: (settings: Settings<Groups>, operands: string[], flags: RawFlags) => Promise<void>;
}

/** Defines a command: its settings and what it does with them. */
export function defineCommand<Groups extends SettingGroups>(definition: CommandDefinition<Groups>): CliCommand {
  const { operands = [], examples = [], subcommands = [], run, ...rest } = definition;
  return {
    ...rest,
    operands,
    examples,
    subcommands,
    ...(run && { run: async (flags, given) => run(settingsFrom(definition.settings, flags), given, flags) }),
  };
}
