import { Command, CommanderError, Option } from "commander";
import { version } from "../../package.json";
import { ThumbrankError, useProxy } from "../base";
import { ablateCommand } from "./ablate";
import { collectCommand } from "./collect";
import type { CliCommand, CommandGroup } from "./command";
import { ctrCommand } from "./ctr";
import { demoCommand } from "./demo";
import { diagnoseCommand } from "./diagnose";
import { doctorCommand } from "./doctor-command";
import { embedCommand } from "./embed";
import { evaluateCommand } from "./evaluate";
import { exportCommand } from "./export";
import { escapeOutput, reportFailure } from "./failure";
import { importCommand } from "./import";
import { jobsCommand } from "./jobs";
import { modelsCommand } from "./models";
import { pageCommand } from "./page";
import { pairsCommand } from "./pairs";
import { purgeCommand } from "./purge";
import { rankCommand } from "./rank";
import { refreshCommand } from "./refresh";
import { runsCommand } from "./runs";
import { sampleCommand } from "./sample";
import { serveCommand } from "./serve";
import { makeOptions } from "./settings";
import { storeCommand } from "./store";
import { trainCommand } from "./train";
import { workerCommand } from "./worker";

/** Every command, in the order of `--help`. */
export const COMMANDS: readonly CliCommand[] = [
  demoCommand,
  doctorCommand,
  sampleCommand,
  collectCommand,
  importCommand,
  pairsCommand,
  embedCommand,
  ctrCommand,
  refreshCommand,
  purgeCommand,
  trainCommand,
  evaluateCommand,
  ablateCommand,
  diagnoseCommand,
  runsCommand,
  exportCommand,
  modelsCommand,
  rankCommand,
  serveCommand,
  pageCommand,
  storeCommand,
  workerCommand,
  jobsCommand,
];

/** A command line without a known command, or with arguments that its command does not take. */
export class CommandInvalid extends ThumbrankError {
  constructor({ message }: CommanderError) {
    super("COMMAND_INVALID", {
      what: message.replace(/^error: /, "").replace(/\s*\n\s*/g, " "),
      next: dashHint(message) ?? "`thumbrank --help` lists the commands, `thumbrank COMMAND --help` what each takes",
    });
  }
}

/** Advice if a picture's file name was taken for a flag. */
function dashHint(message: string): string | undefined {
  const name = /unknown option '(-.*\.(?:jpe?g|jfif|png|webp))'/i.exec(message)?.[1];
  return name === undefined ? undefined : `to name a picture that begins with a dash, write ./${name}`;
}

/**
 * Builds the command line's parser: a command for each of `COMMANDS`, with an option for each of its settings.
 * @param only the command that will be run, if known: the others get no options and no subcommands, which saves a tenth of a start
 */
export function buildProgram(only?: string): Command {
  const program = quiet(new Command("thumbrank"))
    .description("Train a YouTube thumbnail ranker: which thumbnail wins?")
    .version(version, "--version", "show the version")
    .addHelpText(
      "after",
      "\nThe usual order: collect (or import, or sample), pairs, embed, train, evaluate, export, rank (or serve).",
    );
  const isKnown = COMMANDS.some(({ name }) => name === only);
  for (const command of COMMANDS) {
    const isNeeded = !isKnown || command.name === only;
    program.addCommand(createParser(isNeeded ? command : { ...command, settings: {}, subcommands: [] }, command.group));
  }
  return addHelpTo(program, "Start:");
}

/** Runs a command line, reports failures, and sets the exit code. @param args as in `process.argv` */
export async function runProgram(args: readonly string[]): Promise<void> {
  const program = buildProgram(args[2]);
  program.hook("preAction", async (_, command) => {
    if (command.name() === "help") return;
    await useProxy();
    if (command.optsWithGlobals().verbose === true) process.env.TF_CPP_MIN_LOG_LEVEL ??= "0";
  });
  escapeOutput(program);
  try {
    await program.parseAsync(args);
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) reportFailure(thrown);
    // The user asked for help or the version, or commander showed help because no command was given.
    else if (thrown.exitCode === 0 || thrown.code === "commander.help") process.exitCode = thrown.exitCode;
    else reportFailure(new CommandInvalid(thrown));
  }
}

function createParser(command: CliCommand, group?: CommandGroup, parents = "thumbrank"): Command {
  const { name, summary, operands, settings, subcommands, run } = command;
  const parser = quiet(new Command(name)).description(summary);
  if (group !== undefined) parser.helpGroup(`${group}:`);
  for (const operand of operands) parser.argument(operand.name, operand.description);
  for (const option of makeOptions(settings)) parser.addOption(option);
  for (const subcommand of subcommands) parser.addCommand(createParser(subcommand, undefined, `${parents} ${name}`));
  if (subcommands.length > 0) addHelpTo(parser, "Commands:");
  parser.addHelpText("after", helpEnd(command, `${parents} ${name}`));
  if (run !== undefined) {
    parser.action((...given: unknown[]) =>
      run(parser.optsWithGlobals(), given.slice(0, operands.length).flat().map(String)),
    );
  }
  return parser;
}

/** Adds `help [command...]`. For an unknown command, commander's own silently shows the general help. */
function addHelpTo(parent: Command, group: string): Command {
  const help = quiet(new Command("help")).argument("[command...]").description("show what a command takes");
  help.helpGroup(group).action(async (names: string[]) => {
    let shown = parent;
    for (const name of names) {
      const below = shown.commands.find((command) => command.name() === name);
      // This makes commander suggest the command that was meant.
      if (below === undefined && shown.commands.length > 0) await shown.parseAsync([name], { from: "user" });
      shown = below ?? shown.error(`unknown command '${name}'`);
    }
    shown.help();
  });
  return parent.helpCommand(false).addCommand(help);
}

/** The end of a command's help: its notes and examples. */
function helpEnd({ notes, examples }: CliCommand, name: string): string {
  const lines = examples.map((example) => `  ${name} ${example}`.trimEnd());
  return ["", ...(notes === undefined ? [] : [notes, ""]), "Examples:", ...lines].join("\n");
}

/** Makes commander throw its errors, which `runProgram` shows; defaults come from the schemas, not from commander. */
function quiet(command: Command): Command {
  return command
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .addHelpOption(new Option("-h, --help", "show this help").helpGroup("Common:"));
}
