// A contender that answers with what it was asked, says other things besides, and ends when told to fail.
import { serve } from "../../../bench/side-by-side/serve";

console.log("a library says hello");
const echo = async (request: Record<string, unknown>) => {
  console.log("and something else");
  return { asked: request };
};
const fail = async () => {
  throw new Error("told to fail");
};
serve({ echo: "1" }, { echo, fail }).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
