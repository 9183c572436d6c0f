import { existsSync } from "node:fs";
import { join } from "node:path";
import { SetupFailed } from "./failure.mjs";
import { hashOf, readJson } from "./files.mjs";

const folderOf = ({ project }) => join(project, "dist", "page");

function isFresh(places) {
  const inputs = readJson(`${folderOf(places)}.json`);
  if (inputs === undefined || !existsSync(join(folderOf(places), "index.html"))) return false;
  return Object.entries(inputs).every(([path, hash]) => {
    const file = join(places.project, path);
    return existsSync(file) && hashOf(file) === hash;
  });
}

/** The page of `thumbrank serve`, bundled from lib/serving/page. */
export const page = {
  name: "web page",

  check(places) {
    if (!existsSync(join(places.project, "lib", "serving", "page"))) return "nothing to bundle";
    return isFresh(places) ? folderOf(places) : undefined;
  },

  plan: () => "bundling the page of `thumbrank serve`",

  async run(places) {
    try {
      const { buildPage } = await import("../page/build.mjs");
      await buildPage(places.project, folderOf(places));
    } catch (error) {
      throw new SetupFailed("SETUP_PAGE_FAILED", {
        what: `the page of \`thumbrank serve\` could not be bundled: ${error.message}`,
        next: "correct what the message names, then npm run setup; everything but the page works without it",
      });
    }
    return folderOf(places);
  },

  optional: true,
};
