#!/usr/bin/env node
// Fetches the title encoder MiniLM into the user's cache, where it is not there.
import { show } from "./setup/failure.mjs";
import { minilm } from "./setup/minilm.mjs";
import { placesOf } from "./setup/places.mjs";
import { setUp } from "./setup/set-up.mjs";

try {
  await setUp(placesOf(), undefined, [minilm]);
} catch (failure) {
  process.stderr.write(`${show(failure)}\n`);
  process.exitCode = 1;
}
