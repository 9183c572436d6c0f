/** Commands of a fenced block that a reader may type, in order. */
export interface Block {
  /** Line of the opening fence, from 1. */
  line: number;
  commands: string[];
}

const marked = /^<!-- tested -->\n+```(?:bash|sh)\n([\s\S]*?)^```$/gm;

/** Joins lines that end in a backslash, drops comments and a leading `$ `. */
function commandsOf(text: string): string[] {
  const whole = text.replaceAll(/\s*\\\n\s*/g, " ").split("\n");
  const typed = whole.map((line) => line.replace(/^\$ /, "").trim());
  return typed.filter((line) => line !== "" && !line.startsWith("#"));
}

/** The fenced bash blocks that stand directly below the comment `<!-- tested -->`. */
export function testedBlocks(markdown: string): Block[] {
  return [...markdown.matchAll(marked)].map((match) => ({
    line: markdown.slice(0, match.index + match[0].indexOf("```")).split("\n").length,
    commands: commandsOf(match[1] ?? ""),
  }));
}
