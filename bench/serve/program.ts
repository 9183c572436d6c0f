// The service that is attacked, in a process of its own. Arguments: home, and settings as JSON. Says its address.
import { join } from "node:path";
import { ServeSettings } from "../../lib/config";
import { startService } from "../../lib/serving";

async function main(home: string, settings: object): Promise<void> {
  const { address } = await startService({
    settings: ServeSettings.parse({ port: 0, model: "first", rateLimit: null, ...settings }),
    paths: {
      models: join(home, "models"),
      store: join(home, "data", "store"),
      thumbnails: join(home, "data", "thumbnails"),
    },
    encoders: {},
    report: (line) => process.stderr.write(`${line}\n`),
  });
  process.stdout.write(`${address}\n`);
}

const [home = "", settings = "{}"] = process.argv.slice(2);
void main(home, JSON.parse(settings));
