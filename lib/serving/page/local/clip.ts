import { InferenceSession, Tensor } from "onnxruntime-web/wasm";
import { CLIP_SIDE, clipPreprocessing, type ImageEncoder, makeClip } from "../../../embedding";
import { PageModelUnusable } from "../errors";
import { decodeInBrowser } from "./decode";

/**
 * Opens CLIP's vision model in the browser: the service's encoder around the browser's decoder and ONNX Runtime in wasm.
 * @param model the ONNX file
 * @throws PageModelUnusable
 */
export async function openClipInBrowser(model: Uint8Array, preprocessing: string): Promise<ImageEncoder> {
  const revision = await computeRevision(model);
  const session = await InferenceSession.create(model);
  return makeClip({
    revision,
    preprocessing: clipPreprocessing(preprocessing),
    decodePicture: decodeInBrowser,
    async runVision(pixelValues, count) {
      const input = new Tensor("float32", pixelValues, [count, 3, CLIP_SIDE, CLIP_SIDE]);
      const { image_embeds: embeds } = await session.run({ pixel_values: input });
      if (embeds?.data instanceof Float32Array) return embeds.data;
      throw new PageModelUnusable("its picture encoder gives no image_embeds");
    },
    close: () => session.release(),
  });
}

/** As lib/embedding computes it from the file. */
async function computeRevision(model: Uint8Array): Promise<string> {
  if (globalThis.isSecureContext !== true)
    throw new PageModelUnusable("browsers check its picture encoder only over https or on this machine");
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(model)));
  const digits = [...hash.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0"));
  return `sha256:${digits.join("")}`;
}
