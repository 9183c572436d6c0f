/** Compares runs with each other, as data and as a page. */
export {
  COMPARED_FIGURES,
  type ComparedRun,
  compareRuns,
  type DifferingSetting,
  type RunComparison,
} from "./compare";
export { type Difference, verdictOnDifference } from "./differences";
export { writeComparison } from "./page";
