// The bare cost: pictures decoded and embedded by the pool of threads, without a service. Arguments: the folder of real
// pictures, or "".
import { z } from "zod";
import { EncoderPool, openImageEncoder } from "../../lib/embedding";
import { serve } from "../side-by-side/serve";
import { benchPictures, distinct } from "./pictures";

const Embed = z.object({ pictures: z.number(), threads: z.number() });

async function main(folder: string): Promise<void> {
  const pictures = await benchPictures(folder === "" ? undefined : folder);
  const pools = new Map<number, EncoderPool>();
  await serve(
    { node: process.versions.node },
    {
      async embed(request) {
        const { pictures: count, threads } = Embed.parse(request);
        const pool = pools.get(threads) ?? new EncoderPool(await openImageEncoder("descriptor"), { threads });
        pools.set(threads, pool);
        const began = performance.now();
        const cpuBefore = process.cpuUsage();
        let next = 0;
        const work = async () => {
          for (let number = next++; number < count; number = next++) {
            const picture = pictures[number % pictures.length];
            if (picture !== undefined) await pool.embed(distinct(picture, number));
          }
        };
        await Promise.all(Array.from({ length: threads }, work));
        const { user, system } = process.cpuUsage(cpuBefore);
        return { seconds: (performance.now() - began) / 1000, cpuSeconds: (user + system) / 1e6 };
      },
    },
  );
  for (const pool of pools.values()) await pool.close();
}

void main(process.argv[2] ?? "");
