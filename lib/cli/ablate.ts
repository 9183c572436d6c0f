import { ablateGeometryCommand } from "./ablate-geometry";
import { defineCommand } from "./command";

export const ablateCommand = defineCommand({
  name: "ablate",
  group: "Results",
  summary: "train runs that differ in one thing, and print what each is better or worse by, with paired intervals",
  settings: {},
  examples: ["geometry --image descriptor"],
  subcommands: [ablateGeometryCommand],
});
