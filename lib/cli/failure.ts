import type { Command } from "commander";
import { escapeControls, findFileError, messageOf, ThumbrankError, withoutSecrets } from "../base";
import { say } from "./context";

/** Says why a command failed and what to do next, and sets what the process ends with. */
export function reportFailure(thrown: unknown): void {
  const failure = findFileError(thrown) ?? thrown;
  // Our own messages may quote what was given, such as an address in the place of a folder.
  if (failure instanceof ThumbrankError)
    say(...[`${failure.code}: ${failure.what}`, `Next: ${failure.next}`].map((line) => withoutSecrets(line)));
  else say(...withoutSecrets((failure instanceof Error && failure.stack) || messageOf(failure)).split("\n"));
  process.exitCode = failure instanceof ThumbrankError ? failure.exitCode : 1;
}

/** An uncaught error ends the process with its message only: Node would print everything the error holds, unescaped. */
export function reportUncaught(): void {
  process.on("uncaughtException", (failure) => {
    reportFailure(failure);
    process.exit();
  });
}

/** Lets a command, and those below it, print help and errors with control characters shown. */
export function escapeOutput(command: Command): void {
  command.configureOutput({
    writeOut: (text) => process.stdout.write(escapeControls(text)),
    writeErr: (text) => process.stderr.write(escapeControls(text)),
  });
  for (const below of command.commands) escapeOutput(below);
}
