import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ServeSettings } from "../../lib/config";
import { linesWith, root, textOf, tracked } from "./files";

/** Instructions of a Dockerfile, each on one line, without comments. */
const instructions = textOf("Dockerfile")
  .replaceAll(/^#.*\n/gm, "")
  .replaceAll(/\s*\\\n\s*/g, " ")
  .split("\n")
  .filter((line) => line.trim() !== "");
const ignored = textOf(".dockerignore")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"));

/** Sources of each COPY that takes files from the project. */
const sources = instructions
  .filter((line) => line.startsWith("COPY ") && !line.includes("--from="))
  .flatMap((line) => line.split(/\s+/).slice(1, -1));

/** Whether the builder gets a file: everything is left out but the named files and folders. */
function isSent(path: string): boolean {
  return ignored.some((line) => line === `!${path}` || path.startsWith(`${line.slice(1)}/`));
}

test("the image's sources are files of the project that .dockerignore sends", () => {
  expect(ignored[0]).toBe("*");
  expect(ignored.slice(1).filter((line) => !/^![\w./-]+$/.test(line))).toEqual([]);
  expect(sources.length).toBeGreaterThan(5);
  for (const source of sources) {
    const files = tracked(source);
    expect(files.length, source).toBeGreaterThan(0);
    expect(files.filter((file) => !isSent(file))).toEqual([]);
  }
});

test("nothing that .dockerignore sends is data, a model, a secret or git's", () => {
  const kept = [
    ".env",
    ".env.local",
    ".git/config",
    "data/store/PG_VERSION",
    "models/a/1/model.onnx",
    "node_modules/a/b",
  ];
  expect(kept.filter(isSent)).toEqual([]);
  const sent = ignored.slice(1).map((line) => line.slice(1));
  expect(sent.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test("the image has no secret, and its process no rights", () => {
  const secret = /(TOKENS?|KEY|SECRET|PASSWORD|DATABASE_URL)\s*=|--mount=type=secret|\bARG\s+\w*(TOKEN|KEY)/i;
  expect("ENV THUMBRANK_TOKENS=abc").toMatch(secret);
  expect(linesWith(["Dockerfile", "deploy/slim.sh"], secret)).toEqual([]);
  expect(textOf("deploy/thumbrank.service")).toMatch(/^DynamicUser=yes$/m);
  expect(linesWith(["deploy/thumbrank.service"], /^(Environment=\w*(TOKEN|KEY|SECRET)|SetCredential)/)).toEqual([]);
  const last = instructions.map((line) => line.split(" ")[0]).lastIndexOf("USER");
  expect(instructions[last]).toMatch(/^USER [1-9]\d*:[1-9]\d*$/);
  expect(instructions.slice(last).filter((line) => /^(RUN|COPY|ADD) /.test(line))).toEqual([]);
});

test("the image says when it is healthy, and receives signals itself", () => {
  const json = (name: string) => {
    const line = instructions.find((instruction) => instruction.startsWith(`${name} `)) ?? "";
    return JSON.parse(line.slice(line.indexOf("["))) as string[];
  };
  expect(json("HEALTHCHECK").join(" ")).toContain("/readyz");
  expect(json("ENTRYPOINT")[0]).toBe("node");
  expect(json("CMD")[0]).toBe("serve");
});

test("packages that the image leaves out are dependencies, so that a renamed one is noticed", () => {
  const { dependencies } = JSON.parse(textOf("package.json")) as { dependencies: Record<string, string> };
  const text = textOf("deploy/slim.sh").replaceAll("\\\n", " ");
  const named = (/npm uninstall (.*)/.exec(text)?.[1] ?? "").split(/\s+/).filter((word) => /^@?[a-z]/.test(word));
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => !(name in dependencies))).toEqual([]);
});

const hasSystemd = existsSync("/usr/bin/systemd-analyze");
const needed = hasSystemd ? "" : " (needs systemd-analyze)";

test.skipIf(!hasSystemd)(`systemd understands the unit and calls it well confined${needed}`, () => {
  const args = ["security", "--offline=yes", "--no-pager", "--threshold=20", join(root, "deploy", "thumbrank.service")];
  const { status, stderr } = spawnSync("systemd-analyze", args, { encoding: "utf8" });
  // Ends with another code where the exposure is above 2.0 of 10; keys that it does not know are warnings.
  expect([status, stderr]).toEqual([0, ""]);
});

test("the unit stops the service by the signal it expects, and waits longer than the service takes", () => {
  const unit = textOf("deploy/thumbrank.service");
  expect(unit).toMatch(/^KillSignal=SIGTERM$/m);
  expect(unit).toMatch(/^ExecReload=\/bin\/kill -HUP \$MAINPID$/m);
  const seconds = Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1]);
  expect(seconds).toBeGreaterThan(ServeSettings.parse({}).graceSeconds);
});
