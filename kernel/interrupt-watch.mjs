// The worker thread of interrupt.ts: it gets the signal, tells the main thread, and ends what keeps that one busy.
import { Session } from "node:inspector";
import { parentPort, workerData } from "node:worker_threads";

const { shared: buffer, at, state, question } = workerData;
const shared = new Int32Array(buffer);
/** So long JavaScript may go on after the signal, again after a native call has returned, and after code was ended. */
const PATIENCE_MS = 500;
const ANSWER_MS = 1000;
const CHECK_MS = 50;

// Node offers signals to the main thread alone, which may be busy; libuv delivers them to any loop that asks.
process.noDeprecation = true;
const { Signal } = process.binding("signal_wrap");
const { SIGINT } = process.binding("constants").os.signals;
const signal = new Signal();
let received = 0;
let session;

signal.onsignal = () => {
  received++;
  parentPort.postMessage(received);
  if (session !== undefined) return;
  session = new Session();
  later(PATIENCE_MS, begin);
};
signal.start(SIGINT);
parentPort.postMessage("listening");

/** Does something after a while, unless the main thread has handled all signals meanwhile. */
function later(ms, act) {
  if (Atomics.load(shared, at.handled) >= received) {
    session.disconnect();
    session = undefined;
  } else if (ms <= 0) {
    act();
  } else {
    setTimeout(later, CHECK_MS, ms - CHECK_MS, act);
  }
}

function begin() {
  session.connectToMainThread();
  // Answered when JavaScript runs: a long native call is no endless loop.
  session.post("Runtime.evaluate", { expression: "0" }, () => later(PATIENCE_MS, end));
}

/** The main thread looks where it is, and where it may be ended waits until V8 has been told to. */
function end() {
  Atomics.store(shared, at.state, state.asked);
  session.post("Runtime.evaluate", { expression: question });
  Atomics.wait(shared, at.state, state.asked, ANSWER_MS);
  const answer = Atomics.compareExchange(shared, at.state, state.asked, state.none);
  if (answer !== state.agreed) return later(CHECK_MS, end);
  session.post("Runtime.terminateExecution");
  Atomics.store(shared, at.state, state.ended);
  Atomics.notify(shared, at.state);
  later(PATIENCE_MS, end);
}
