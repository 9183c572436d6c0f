import type { Random } from "../../base";
import { at } from "../../base";
import type { Factors } from "./appeal";

/** The guide's niches. */
export const NICHES = ["tech", "gaming", "education", "entertainment", "beauty", "news"] as const;
export type Niche = (typeof NICHES)[number];

const TOPICS: Record<Niche, string[]> = {
  tech: ["Budget Laptop", "Phone Camera", "Home Server", "Robot Arm", "Desk Setup"],
  gaming: ["Boss Fight", "Castle Build", "Speedrun Route", "Stealth Mission", "Island Map"],
  education: ["Prime Puzzle", "Roman Bridge", "Water Cycle", "Chess Opening", "Moon Phase"],
  entertainment: ["Blind Tasting", "Paper Plane", "Street Magic", "Marble Run", "Movie Prop"],
  beauty: ["Morning Routine", "Winter Palette", "Curl Method", "Nail Design", "Skin Serum"],
  news: ["City Budget", "Storm Warning", "Rail Strike", "Market Report", "Election Debate"],
};
const STATEMENTS = ["Testing", "Building", "Inside", "Explaining", "Comparing"];
const QUESTIONS = ["Who Needs", "Can Anyone Beat", "What About", "Why Choose"];
const HOOKS = ["the Best", "the Worst", "the Only", "the Most Popular"];
const PLAIN = ["this", "that", "another", "our"];
const NUMBERS = ["in 7 Days", "with 5 Parts", "for 30 Hours", "on Day 12"];
const WITHOUT_NUMBER = ["at Home", "Step by Step", "with Friends"];
const RAMBLING = ["and Some Thoughts", "from the Other Side"];

/** A title that shows exactly the given factors. */
export function drawTitle(niche: Niche, factors: Factors, source: Random): string {
  const pick = (words: string[]) => at(words, source.integer(words.length));
  const parts = [
    pick(factors.question ? QUESTIONS : STATEMENTS),
    pick(factors.hook ? HOOKS : PLAIN),
    pick(TOPICS[niche]),
    pick(factors.number ? NUMBERS : WITHOUT_NUMBER),
    ...RAMBLING.slice(0, factors.rambling),
  ];
  return parts.join(" ") + (factors.question ? "?" : "");
}
