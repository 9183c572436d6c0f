import { reportUncaught } from "./cli/failure";
import { runProgram } from "./cli/program";

reportUncaught();
void runProgram(process.argv);
