import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Task } from "./work";

/** A process that times steps. */
export interface Timer {
  /** @returns milliseconds of each step */
  time(choice: number, steps: number): Promise<number[]>;
  end(): void;
}

/**
 * Starts a process that compiles the step once for each choice of its task.
 * @throws Error with what the process failed of
 */
export async function startTimer(task: Task): Promise<Timer> {
  const execArgv = ["--import", pathToFileURL(require.resolve("tsx")).href];
  const child = fork(join(__dirname, "program.ts"), [JSON.stringify(task)], {
    execArgv,
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const end = () => void (child.connected ? child.disconnect() : child.kill());
  try {
    await answerOf(child);
  } catch (failure) {
    end();
    throw failure;
  }
  const time = async (choice: number, steps: number) => {
    const answer = answerOf(child);
    child.send({ choice, steps });
    return answer;
  };
  return { time, end };
}

function answerOf(child: ChildProcess): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`the process that times steps ended with ${code}`));
    child.once("error", reject);
    child.once("exit", ended);
    child.once("message", ({ times, failure }: { times?: number[]; failure?: string }) => {
      child.removeListener("exit", ended);
      child.removeListener("error", reject);
      if (times === undefined) reject(new Error(failure));
      else resolve(times);
    });
  });
}
