/**
 * A ranking as a page for people who do not use a terminal. It knows how to display a ranking, and nothing about how it
 * is computed.
 */
export { subScoreText } from "./words";
export { writeRankingPage } from "./write";
