import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { expect, test } from "vitest";
import { root } from "../house/files";
import { faintDrawings, findFaults, openChromium, openPage, READERS } from "../page/chromium";
import { hasPapermill } from "./executed";
import { notebookOf, temporaryFolder } from "./plant";

const CHROMIUM = "/usr/bin/chromium";
const HOSTILE = '</script><script>window.broken = true</script><img src="x" onerror="window.broken = true">';
/** Too wide for a phone. */
const WIDE_TABLE = ["a", "-", "1"].map((cell) => `|${` ${cell.repeat(20)} |`.repeat(6)}`).join("\n");
const run = hasPapermill ? "" : " (needs .venv/bin/papermill)";

/** A notebook with a figure, a gallery, text and an error, as if executed. */
function executed(title: string): string {
  const notebook = JSON.parse(
    notebookOf(
      { prose: `# ${title}\n\n*Why* this one is here.\n\n- a list of [links](https://example.org)\n\n${WIDE_TABLE}` },
      '// says\nconst one: string[] = ["1"].map((text) => text.toUpperCase());',
      "throw 1;",
    ),
  );
  const figure = {
    data: [{ type: "scatter", x: [1, 2], y: [3, 4], text: [HOSTILE, ""], marker: { color: "#717883" } }],
    layout: { title: HOSTILE, font: { color: "#6e7681" }, height: 340, paper_bgcolor: "#ffffff" },
    theme: { "#6e7681": "--jp-ui-font-color1", "#717883": "--jp-ui-font-color2" },
  };
  notebook.cells[1].outputs = [
    {
      output_type: "display_data",
      metadata: {},
      data: { "application/vnd.plotly.v1+json": figure, "text/plain": "a" },
    },
    { output_type: "display_data", metadata: {}, data: { "text/html": "<b id='ours'>gallery</b>", "text/plain": "b" } },
    { output_type: "stream", name: "stdout", text: HOSTILE },
  ];
  notebook.cells[2].outputs = [
    { output_type: "error", ename: "Thrown", evalue: HOSTILE, traceback: [`Thrown: ${HOSTILE}`] },
  ];
  return JSON.stringify(notebook);
}

const script = (name: string, ...args: string[]) => [join(root, "scripts", name), ...args];

test.skipIf(!(hasPapermill && existsSync(CHROMIUM)))(
  `the report shows plots, galleries and errors without a network, and what it shows cannot break out${run}`,
  async () => {
    const folder = temporaryFolder();
    const target = temporaryFolder();
    writeFileSync(join(folder, "00_first.ipynb"), executed("First"));
    writeFileSync(join(folder, "01_second.ipynb"), executed("Second"));
    execFileSync(process.execPath, script("notebooks/render.mjs", folder, target));
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
    try {
      const page = await (await browser.newContext({ offline: true })).newPage();
      await page.goto(`file://${join(target, "index.html")}`);
      expect(await page.textContent("body")).toContain("Why this one is here.");
      await page.click("text=First");
      await page.waitForSelector(".js-plotly-plot .main-svg");
      expect(await page.textContent("#ours")).toBe("gallery");
      expect((await page.textContent("body"))?.split(HOSTILE).length).toBeGreaterThan(2);
      expect(await page.evaluate("window.broken")).toBeUndefined();
      await page.click("text=Second");
      expect(await page.textContent("h1")).toBe("Second");
    } finally {
      await browser.close();
    }
  },
);

test.skipIf(!(hasPapermill && existsSync(CHROMIUM))).each(READERS)(
  `the report, $width pixels wide, $colorScheme: legible, accessible, nothing wider than the screen${run}`,
  async (reader) => {
    const folder = temporaryFolder();
    const target = temporaryFolder();
    writeFileSync(join(folder, "00_first.ipynb"), executed("First"));
    writeFileSync(join(folder, "01_second.ipynb"), executed("Second"));
    execFileSync(process.execPath, script("notebooks/render.mjs", folder, target));
    const browser = await openChromium();
    try {
      for (const name of ["index.html", "00_first.html"]) {
        const page = await openPage(browser, join(target, name), reader);
        expect(await findFaults(page)).toEqual([]);
        const other = reader.colorScheme === "dark" ? "light" : "dark";
        await page.emulateMedia({ colorScheme: other });
        await expect.poll(() => faintDrawings(page)).toEqual([]);
      }
    } finally {
      await browser.close();
    }
  },
);

test.skipIf(!hasPapermill)(
  `npm run notebooks ends with 1 where a notebook fails, and the report shows why${run}`,
  () => {
    const home = temporaryFolder();
    const args = script("notebooks.mjs", "--only", "00", "--profile", "smoke", "-p", "seed", "seven");
    const options = { cwd: root, encoding: "utf8", env: { ...process.env, THUMBRANK_HOME: home } } as const;
    const { status, stdout } = spawnSync(process.execPath, args, options);
    expect(status).toBe(1);
    expect(stdout).toMatch(/00_setup: FAILED[\s\S]*CELL_DOES_NOT_COMPILE[\s\S]*not assignable to type 'number'/);
    expect(readFileSync(join(home, "runs", "notebooks", "00_setup.html"), "utf8")).toContain("CELL_DOES_NOT_COMPILE");
  },
);

test("a parameter is given as the type that its notebook declares", async () => {
  const { optionOf, parametersOf } = await import(join(root, "scripts", "notebooks", "papermill.mjs"));
  const folder = temporaryFolder();
  const declarations = [
    'let title: string = ""; // a title',
    "let home: string | null = null;",
    'let profile: "smoke" | "sample" = "sample";',
    'let name = "a";',
    "let seed: number = 0;",
    "let epochs: number | null = null;",
    "let images: string[] = [];",
  ];
  const source = declarations.map((line) => `${line}\n`);
  const cells = [{ cell_type: "code", metadata: { tags: ["parameters"] }, source }];
  const path = join(folder, "00_declared.ipynb");
  writeFileSync(path, JSON.stringify({ cells }));
  const declared: { name: string; rest: string }[] = parametersOf(path);
  const given: string[][] = declared.map((each) => optionOf(each, "2024"));
  expect(given.map(([option, name]) => `${option} ${name}`)).toEqual([
    "-r title",
    "-r home",
    "-r profile",
    "-r name",
    "-p seed",
    "-p epochs",
    "-p images",
  ]);
  const nulls: string[] = declared.map((each) => optionOf(each, "null").at(-1));
  expect(nulls).toEqual(["null", "None", "null", "null", "null", "None", "null"]);
});

test.each([
  [["--profile", "tiny"], "--profile takes smoke, sample, full, not tiny"],
  [["--only", "42"], "there is no notebook 42"],
  [["-p", "epohcs", "5"], "no notebook takes epohcs"],
  [["--fast"], "--fast is not an option"],
])("npm run notebooks refuses %s", (args, message) => {
  const { status, stderr } = spawnSync(process.execPath, script("notebooks.mjs", ...args), {
    cwd: root,
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([1, expect.stringContaining(message)]);
});
