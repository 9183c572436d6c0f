import { escapeHtml } from "../../base";
import { scrollingTable } from "../../page";
import { type RunDescription, runSettings } from "../../runs";

/** Which run the report is about: when, with what and on which data it was trained, and with which settings. */
export function runSection(run: RunDescription): string {
  const settings = runSettings(run);
  const changed = settings.filter(({ isDefault }) => !isDefault);
  const facts = scrollingTable(
    "The run",
    ["", ""],
    runFacts(run).map(([name, value]) => row(name, [value])),
  );
  const heads = ["Setting", "Value", "Default"];
  const rows = (shown: typeof settings) =>
    shown.map(({ flag, value, initial }) => row(flag, [String(value), String(initial)]));
  const differing =
    changed.length === 0
      ? '<p class="quiet">All settings have their defaults.</p>'
      : scrollingTable("Settings that differ from their defaults", heads, rows(changed));
  return `<h2>The run ${escapeHtml(run.name)}</h2>${facts}<h3>Settings that differ from their defaults</h3>${differing}
<details><summary>All settings</summary>${scrollingTable("All settings", heads, rows(settings))}</details>`;
}

function runFacts({ startedAt, finishedAt, versions, engine, data, history }: RunDescription): [string, string][] {
  const moment = (date: Date) => `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const programs = versions && `thumbrank ${versions.thumbrank}, Node ${versions.node}, TensorFlow.js ${versions.tfjs}`;
  const facts: [string, string | undefined][] = [
    ["Started", moment(startedAt)],
    ["Finished", finishedAt === null ? undefined : moment(finishedAt)],
    ["Epochs", String(history.length)],
    ["Versions", programs],
    ["Computed by", engine && `${engine.name} ${engine.version} on ${engine.device}`],
    ["Embeddings", data.image && `${data.image} for thumbnails, ${data.text} for titles`],
    ["Data (SHA-256)", data.hash?.slice(0, 16)],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== undefined);
}

/** @param cells plain text */
function row(name: string, cells: readonly string[]): string {
  return `<tr><th scope="row">${escapeHtml(name)}</th>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join("")}</tr>`;
}
