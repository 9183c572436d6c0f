import { fastest, keepThreads, keptThreads, type MeasuredThreads, type Threads, threadChoices } from "../../engine";
import { startTimer, type Timer } from "./timer";
import { nameOf, type Work } from "./work";

export type { Work } from "./work";

const STEPS = 10;

/** The threads that were found fastest for this work on this machine, if that was ever measured. */
export function tunedThreads(work: Work): Promise<MeasuredThreads | undefined> {
  return keptThreads(nameOf(work));
}

/**
 * Measures which threads are fastest for this work and keeps the answer in the user's cache: ten training steps on data
 * of the same sizes, three times for each choice.
 * @throws Error where TensorFlow cannot do the work
 */
export async function tuneThreads(work: Work, choices: Threads[] = threadChoices()): Promise<MeasuredThreads> {
  const timers = await startAll(work, choices);
  try {
    const measured = await fastest(choices, (choice) => msPerStep(timers, choice));
    await keepThreads(nameOf(work), measured);
    return measured;
  } finally {
    for (const { timer } of timers) timer.end();
  }
}

interface Started {
  timer: Timer;
  choices: Threads[];
}

/** One process for each number of threads within an operation, all of them compiling at a time. */
function startAll(work: Work, choices: Threads[]): Promise<Started[]> {
  const numbers = [...new Set(choices.map(({ intraOpThreads }) => intraOpThreads))];
  const groups = numbers.map((number) => choices.filter(({ intraOpThreads }) => intraOpThreads === number));
  return Promise.all(groups.map(async (own) => ({ timer: await startTimer({ ...work, choices: own }), choices: own })));
}

async function msPerStep(timers: Started[], choice: Threads): Promise<number> {
  const { timer, choices } = timers.find((each) => each.choices.includes(choice)) as Started;
  const times = await timer.time(choices.indexOf(choice), STEPS);
  return times.reduce((sum, time) => sum + time, 0) / times.length;
}
