import openWabt from "wabt";

/** The module of passes-wasm.ts: the text's WebAssembly in base64. @throws at the line of the first mistake */
export async function makePasses(text: string): Promise<string> {
  const module = (await openWabt()).parseWat("passes.wat", text, { simd: true });
  module.validate();
  const base64 = Buffer.from(module.toBinary({}).buffer).toString("base64");
  return `/** passes.wat as WebAssembly, in base64 (npm run resize-passes). */\nexport const PASSES =\n  "${base64}";\n`;
}
