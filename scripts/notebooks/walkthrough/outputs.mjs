import sharp from "sharp";
import { anonymous, printed, tableOf } from "./markdown.mjs";

const plotly = "application/vnd.plotly.v1+json";
const joined = (text) => (Array.isArray(text) ? text.join("") : (text ?? ""));

/** What a picture shows, in words. */
function alternative(text) {
  const words = anonymous(text.split("\n")[0])
    .replaceAll(/[[\]<>\\`|]/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim()
    .replace(/^plot untitled /, "plot ");
  return words.length > 120 ? `${words.slice(0, 119)}…` : words;
}

/** A figure's title, or those of the plots within it. */
function titleOf({ title, annotations = [] } = {}) {
  const own = typeof title === "string" ? title : title?.text;
  return own || annotations.map(({ text }) => text).join(", ");
}

/** A picture for a plotly figure, a table or a picture for HTML, text for the rest. */
async function shown(data, browser, keep) {
  const plain = joined(data["text/plain"]);
  const spec = data[plotly];
  const said = (words) => alternative(words || plain || "what the cell shows");
  if (spec) return keep(await browser.figure(JSON.parse(anonymous(JSON.stringify(spec)))), said(titleOf(spec.layout)));
  if (data["text/html"]) {
    const { table, picture } = await browser.html(anonymous(joined(data["text/html"])));
    return table ? tableOf(table) : keep(picture, said());
  }
  const image = data["image/png"] ?? data["image/jpeg"];
  if (image)
    return keep(
      {
        light: await sharp(Buffer.from(joined(image), "base64"))
          .webp()
          .toBuffer(),
      },
      said(),
    );
  return printed(plain);
}

/** Neighbouring texts are one. */
function merged(outputs) {
  const all = [];
  for (const output of outputs) {
    const last = all.at(-1);
    const follows = output.output_type === "stream" && last?.output_type === "stream";
    if (follows) last.text = joined(last.text) + joined(output.text);
    else all.push({ ...output });
  }
  return all;
}

/**
 * A cell's outputs as Markdown.
 * @param keep puts a picture, for light pages and perhaps another for dark ones, beside the page and gives what shows it
 */
export async function outputsAsMarkdown(outputs, browser, keep) {
  const parts = [];
  for (const output of merged(outputs))
    parts.push(
      output.output_type === "stream" ? printed(joined(output.text)) : await shown(output.data ?? {}, browser, keep),
    );
  return parts.filter((part) => part !== "");
}
