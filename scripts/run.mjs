#!/usr/bin/env node
// node scripts/run.mjs SCRIPT [ARGUMENTS]: what is missing is set up first, then the script runs by Node 22.
import { resolve } from "node:path";
import { show } from "./setup/failure.mjs";
import { placesOf } from "./setup/places.mjs";
import { setUp } from "./setup/set-up.mjs";
import { runUnderNode22 } from "./setup/under-node22.mjs";

const [script, ...args] = process.argv.slice(2);
const places = placesOf();
const ready = await setUp(places).then(
  () => true,
  (failure) => {
    process.stderr.write(`${show(failure)}\n`);
    process.exitCode = 1;
    return false;
  },
);
if (ready) await runUnderNode22(places, resolve(places.project, script), args);
