import { z } from "zod";
import { BUILT_PAGE, MODEL_NAME, MODEL_REFERENCE, MODEL_REFERENCE_FORM, resolvePaths } from "../config";
import { defineCommand } from "./command";
import { answer, CommonSettings } from "./context";
import { ModelFolder } from "./fields";

const PageSettings = z
  .strictObject({
    model: z.string().regex(MODEL_REFERENCE).default(MODEL_NAME).meta({
      placeholder: "name[@version]",
      form: MODEL_REFERENCE_FORM,
      description: "exported model: folder below models/, its current version unless one is named",
    }),
    modelDir: ModelFolder,
  })
  .meta({ title: "Page" });

export const pageCommand = defineCommand({
  name: "page",
  group: "Results",
  summary: "write the web page with a model: a folder for any web server, which ranks in the browser alone",
  operands: [{ name: "<folder>", description: "new or empty folder, or one with an earlier page" }],
  settings: { page: PageSettings, common: CommonSettings },
  examples: ["site", "site --model first", "site --model first@2"],
  async run({ page, common }, [folder = ""]) {
    const { exportPage, resolveModel } = await import("../deployment");
    const model = await resolveModel(resolvePaths(common.dataDir).models, page.model);
    await exportPage(model.folder, BUILT_PAGE, folder, page.modelDir);
    answer(common, { folder }, `page: ${folder}`);
  },
});
