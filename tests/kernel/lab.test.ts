import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../setup/project";
import { type Answer, type Lab, LabKernel, startLab } from "./lab";
import { hasJupyter, needed, writeNotebook } from "./notebook";

const CHROMIUM = "/usr/bin/chromium";
const hasChromium = existsSync(CHROMIUM);

const result = ({ outputs }: Answer) => outputs.find(({ kind }) => kind === "execute_result")?.data?.["text/plain"];
const error = ({ outputs }: Answer) => outputs.find(({ kind }) => kind === "error");

describe.skipIf(!hasJupyter)(`a JupyterLab server${needed}`, () => {
  let lab: Lab;
  let kernel: LabKernel;
  beforeAll(async () => {
    lab = await startLab();
    kernel = await LabKernel.start(lab);
  });
  afterAll(async () => {
    // Where it did not start, that is the failure to show.
    expect(await lab?.close()).toBe(lab && 0);
  });

  test("offers the kernel, which runs cells", async () => {
    const { kernelspecs } = await lab.call<{ kernelspecs: Record<string, { spec: object }> }>("GET", "kernelspecs");
    const { spec } = kernelspecs.thumbrank ?? {};
    expect(spec).toMatchObject({ display_name: "TypeScript (Thumbrank)", language: "typescript" });
    const cell = 'const word: string = await Promise.resolve("seven");\nword.length + 2';
    expect(result(await kernel.execute(cell))).toBe("7");
  });

  test("completes and inspects names of earlier cells", async () => {
    const code = "word.toUpp";
    const { reply } = await kernel.ask<{ matches: string[] }>("complete_request", { code, cursor_pos: code.length });
    expect(reply.matches).toContain("toUpperCase");
    const inspect = { code: "word", cursor_pos: 2, detail_level: 0 };
    const seen = await kernel.ask<{ data: Record<string, string> }>("inspect_request", inspect);
    expect(seen.reply.data["text/plain"]).toContain("const word: string");
  });

  test.each([
    ["a cell that awaits", "await new Promise(() => setInterval(() => {}, 1000));"],
    ["a cell that never awaits", "while (true) {}"],
  ])("interrupts %s, and the kernel goes on", async (name, endless) => {
    const started = join(lab.folder, `${name}.started`);
    const begin = `writeFileSync(${JSON.stringify(started)}, "");`;
    const running = kernel.execute(`import { writeFileSync } from "node:fs";\n${begin}\n${endless}`);
    await until(() => existsSync(started));
    await kernel.interrupt();
    expect(error(await running)).toMatchObject({ ename: "CELL_INTERRUPTED" });
    expect(result(await kernel.execute("word.length"))).toBe("5");
  });

  test("restarts it: names are gone, cells run", async () => {
    await kernel.restart();
    expect(error(await kernel.execute("word"))?.evalue).toContain("Cannot find name 'word'");
    expect(result(await kernel.execute("6 * 7"))).toBe("42");
  });

  test("shuts it down", async () => {
    await kernel.shutDown();
    expect(await lab.call("GET", "kernels")).toEqual([]);
  });

  const browserNeeded = hasChromium ? "" : " (needs /usr/bin/chromium)";
  test.skipIf(!hasChromium)(
    `in Chromium a cell draws a figure, still there when reopened${browserNeeded}`,
    async () => {
      const file = join(lab.folder, "figure.ipynb");
      writeNotebook(file, FIGURE, []);
      const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
      try {
        const page = await openNotebook(browser, lab);
        await page.locator(".jp-CodeCell .cm-content").first().click();
        await page.keyboard.press("Shift+Enter");
        expect(await barsIn(page)).toBe(3);
        await page.keyboard.press("Control+s");
        await until(() => readFileSync(file, "utf8").includes('"output_type": "execute_result"'));
        await page.close();
        for (const { id } of await lab.call<{ id: string }[]>("GET", "kernels"))
          await lab.call("DELETE", `kernels/${id}`);
        const reopened = await openNotebook(browser, lab);
        // The extension shows the picture that it saved beside the figure, and draws the figure under the pointer.
        await reopened.locator(".jp-RenderedPlotly").hover();
        expect(await barsIn(reopened)).toBe(3);
      } finally {
        await browser.close();
      }
    },
  );
});

const FIGURE = `const mime = "application/vnd.plotly.v1+json";
const figure = { data: [{ type: "bar", x: [1, 2, 3], y: [2, 3, 1] }], layout: {} };
({ [Symbol.for("Jupyter.display")]: () => ({ [mime]: figure, "text/plain": "bars" }) })`;

async function openNotebook(browser: Browser, lab: Lab): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  await page.goto(lab.address("lab/tree/figure.ipynb?reset"));
  await page.getByText("TypeScript (Thumbrank) | Idle").waitFor();
  return page;
}

async function barsIn(page: Page): Promise<number> {
  await page.locator(".js-plotly-plot .bars .point").first().waitFor({ timeout: 60_000 });
  return page.locator(".js-plotly-plot .bars .point").count();
}
