import { afterEach } from "vitest";
import { killWorkers } from "./processes";

// Workers of a test do not outlive it.
afterEach(killWorkers);

export * from "./processes";
