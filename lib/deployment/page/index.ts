/** A ranking as a page for people who do not use a terminal. It knows how a ranking looks, and nothing of how it is computed. */
export { type RankingPageOptions, writeRankingPage } from "./write";
