import { type RawFlags, type SettingGroups, type Settings, settingsFrom } from "./settings";

/** Where `--help` lists a command. */
export type CommandGroup = "Start" | "Data" | "Training" | "Results" | "Server";

/** What a command takes without a flag, such as `<table>`. */
export interface Operand {
  /** In angle brackets; with `...` before the closing one where there may be several. */
  name: string;
  description: string;
}

/** A command, as the parser, `--help` and the tests know it. */
export interface CliCommand {
  name: string;
  summary: string;
  /** For commands that are no part of another one. */
  group?: CommandGroup;
  operands: readonly Operand[];
  settings: SettingGroups;
  /** What follows `thumbrank` and the command's name in examples. */
  examples: readonly string[];
  /** What else `--help` says. */
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
  run?: (settings: Settings<Groups>, operands: string[]) => Promise<void>;
}

/** Defines a command by its settings and what it does with them. */
export function defineCommand<Groups extends SettingGroups>(definition: CommandDefinition<Groups>): CliCommand {
  const { operands = [], examples = [], subcommands = [], run, ...rest } = definition;
  return {
    ...rest,
    operands,
    examples,
    subcommands,
    ...(run && { run: async (flags, given) => run(settingsFrom(definition.settings, flags), given) }),
  };
}
