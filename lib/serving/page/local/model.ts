import { env, InferenceSession, Tensor } from "onnxruntime-web/wasm";
import { messageOf } from "../../../base";
import { type LoadedModel, ModelCard } from "../../../deployment";
import { AUXILIARY_HEADS } from "../../../model";
import { type ChannelOffset, OFFSETS_FILE, parseOffsets } from "../../../runs";
import { PageModelUnusable } from "../errors";

/**
 * Loads an exported model over HTTP, as `loadModel` does from a folder. ONNX Runtime computes on one thread, since more
 * need headers that plain file servers do not send.
 * @param folder address of the model's folder, with a slash at its end
 * @throws PageModelUnusable
 */
export async function fetchModel(folder: URL, version: number): Promise<LoadedModel> {
  env.wasm.numThreads = 1;
  env.wasm.wasmPaths = { wasm: new URL("ort-wasm-simd-threaded.wasm", document.baseURI).href };
  try {
    const card = ModelCard.parse(JSON.parse(new TextDecoder().decode(await fetchFile(folder, "model.json"))));
    const session = await InferenceSession.create(await fetchFile(folder, "model.onnx"));
    const width = card.config.model.clipDim + card.config.model.textDim;
    return {
      card,
      version,
      offsets: await fetchOffsets(card, folder, width),
      predict: (embeddings) => predict(session, embeddings, width),
      close: () => session.release(),
    };
  } catch (thrown) {
    throw thrown instanceof PageModelUnusable ? thrown : new PageModelUnusable(messageOf(thrown), thrown);
  }
}

async function predict(session: InferenceSession, embeddings: Float32Array, width: number) {
  const rows = embeddings.length / width;
  const outputs = await session.run({ embedding: new Tensor("float32", embeddings, [rows, width]) });
  const values = (name: string, columns: number): Float32Array => {
    const data = outputs[name]?.data;
    if (!(data instanceof Float32Array) || data.length !== rows * columns)
      throw new PageModelUnusable(`output ${name} is not as exported`);
    return data;
  };
  return { scores: values("score", 1), ctr: values("ctr", 1), auxiliary: values("auxiliary", AUXILIARY_HEADS.length) };
}

async function fetchOffsets({ channelOffsets: card }: ModelCard, folder: URL, width: number) {
  if (card === undefined) return new Map<string, ChannelOffset>();
  return parseOffsets(card, await fetchFile(folder, OFFSETS_FILE), width).channels;
}

async function fetchFile(folder: URL, name: string): Promise<Uint8Array> {
  const answer = await fetch(new URL(name, folder)).catch((thrown) => {
    throw new PageModelUnusable(`${name} cannot be fetched`, thrown);
  });
  if (!answer.ok) throw new PageModelUnusable(`${name} cannot be fetched (HTTP ${answer.status})`);
  return new Uint8Array(await answer.arrayBuffer());
}
