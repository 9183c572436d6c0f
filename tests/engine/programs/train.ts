import { createHash } from "node:crypto";
import { openEngine } from "../../../lib/engine";
import { runStep, smallNet } from "../net";

/** Trains the small net for so many steps; prints a hash of all variables, and how much memory the later steps took. */
async function main(steps: number): Promise<void> {
  const engine = await openEngine({ backend: "tensorflow" });
  const net = smallNet(engine);
  let warm = 0;
  for (let t = 1; t <= steps; t++) {
    await runStep(net, t);
    if (t === Math.ceil(steps / 4)) warm = process.memoryUsage.rss();
  }
  const hash = createHash("sha256");
  for (const values of await engine.read(net.variables)) hash.update(values);
  engine.dispose();
  console.log(JSON.stringify({ hash: hash.digest("hex"), grownBytes: process.memoryUsage.rss() - warm }));
}

void main(Number(process.argv[2]));
