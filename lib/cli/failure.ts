import type { Command } from "commander";
import { errorCode, escapeControls, findFileError, messageOf, ThumbrankError, withoutSecrets } from "../base";
import { say } from "./context";

/** Prints why a command failed and what to do next, and sets the exit code. */
export function reportFailure(thrown: unknown): void {
  const failure = findFileError(thrown) ?? thrown;
  // Our own messages may quote user input, such as an address given as a folder.
  if (failure instanceof ThumbrankError)
    say(...[`${failure.code}: ${failure.what}`, `Next: ${failure.next}`].map((line) => withoutSecrets(line)));
  else say(...withoutSecrets((failure instanceof Error && failure.stack) || messageOf(failure)).split("\n"));
  process.exitCode = failure instanceof ThumbrankError ? failure.exitCode : 1;
}

/** Makes an uncaught error end the process with only its message: Node would print all its fields, unescaped. */
export function reportUncaught(): void {
  process.on("uncaughtException", (failure) => {
    reportFailure(failure);
    process.exit();
  });
}

/** Lets a reader that has seen enough, such as `head`, end what is printed without ending the work. */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (failure) => {
      if (errorCode(failure) !== "EPIPE") throw failure;
    });
  }
}

/** Makes a command and its subcommands escape control characters in help and errors. */
export function escapeOutput(command: Command): void {
  command.configureOutput({
    writeOut: (text) => process.stdout.write(escapeControls(text)),
    writeErr: (text) => process.stderr.write(escapeControls(text)),
  });
  for (const below of command.commands) escapeOutput(below);
}
