#!/usr/bin/env node
import { show } from "./setup/failure.mjs";
import { placesOf } from "./setup/places.mjs";
import { setUp } from "./setup/set-up.mjs";

try {
  await setUp(placesOf());
} catch (failure) {
  process.stderr.write(`${show(failure)}\n`);
  process.exitCode = 1;
}
