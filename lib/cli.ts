import { outliveReaders, reportUncaught } from "./cli/failure";
import { runProgram } from "./cli/program";

reportUncaught();
outliveReaders();
void runProgram(process.argv);
