import { join } from "node:path";
import { expect, test } from "vitest";
import { cacheFolder, TENSORFLOW_VERSION } from "../../lib/engine";
import { root } from "../house/files";

test("the engine looks for TensorFlow's library where the set-up puts it", async () => {
  const { libraryFolder } = await import(join(root, "scripts/setup/tensorflow.mjs"));
  const { placesOf } = await import(join(root, "scripts/setup/places.mjs"));
  const { version } = await import(join(root, "scripts/setup/wheels.mjs"));
  expect(version).toBe(TENSORFLOW_VERSION);
  for (const XDG_CACHE_HOME of [undefined, "", join(root, "elsewhere")]) {
    const environment = XDG_CACHE_HOME === undefined ? {} : { XDG_CACHE_HOME };
    for (const variant of ["cpu", "gpu"] as const) {
      const places = placesOf({ environment: { ...environment, THUMBRANK_TF: variant } });
      expect(libraryFolder(places)).toBe(cacheFolder(variant, environment));
    }
  }
});
