import { RankingPage } from "./ranking-page";
import { ServiceRanker } from "./service";
import { startTheme } from "./theme";

// The page that `thumbrank serve` sends: the service ranks.
startTheme();
new RankingPage(new ServiceRanker());
