import { z } from "zod";
import { BUILT_PAGE, MODEL_NAME, resolvePaths } from "../config";
import { defineCommand } from "./command";
import { answer, CommonSettings } from "./context";
import { PLAIN_NAME_FORM, PlainName } from "./fields";

const PageSettings = z
  .strictObject({
    model: PlainName.default(MODEL_NAME).meta({
      placeholder: "name",
      form: PLAIN_NAME_FORM,
      description: "name of the exported model: folder below models/",
    }),
  })
  .meta({ title: "Page" });

export const pageCommand = defineCommand({
  name: "page",
  group: "Results",
  summary: "write the web page with a model: a folder for any web server, which ranks in the browser alone",
  operands: [{ name: "<folder>", description: "new or empty folder, or one with an earlier page" }],
  settings: { page: PageSettings, common: CommonSettings },
  examples: ["site", "site --model first"],
  async run({ page, common }, [folder = ""]) {
    const { exportPage, modelFolder } = await import("../deployment");
    await exportPage(modelFolder(resolvePaths(common.dataDir).models, page.model), BUILT_PAGE, folder);
    answer(common, { folder }, `page: ${folder}`);
  },
});
