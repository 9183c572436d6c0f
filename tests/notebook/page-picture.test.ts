import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { expect, test } from "vitest";
import { pictureServicePage } from "../../lib/notebook";
import { hasChromium, needsChromium } from "../page/chromium";
import { picture, startTestService } from "../serving/running";

test.skipIf(!hasChromium)(`the page of a service is ranked on and pictured${needsChromium}`, async () => {
  const service = await startTestService();
  try {
    const pictures = [0, 1].map((number) => ({ name: `${number}.jpg`, path: join(service.home, `${number}.jpg`) }));
    for (const [number, { path }] of pictures.entries()) await writeFile(path, await picture(number));
    const png = await pictureServicePage(service.address, { pictures, title: "I built a robot" });
    const { format, width, height } = await sharp(png ?? undefined).metadata();
    expect([format, width]).toEqual(["png", 1000]);
    // The window is 900 pixels high; the ranking is below the form.
    expect(height).toBeGreaterThan(1200);
  } finally {
    await service.end();
  }
});
