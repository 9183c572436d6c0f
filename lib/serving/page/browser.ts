import { openBrowserRanker } from "./local/ranker";
import { showProblem } from "./problem";
import { RankingPage } from "./ranking-page";
import { startTheme } from "./theme";

// The page beside an exported model: it ranks by itself.
startTheme();
const { model = "", version = "" } = document.documentElement.dataset;
openBrowserRanker(new URL(model, document.baseURI), Number(version)).then(
  (ranker) => new RankingPage(ranker),
  (thrown) => showProblem(thrown),
);
