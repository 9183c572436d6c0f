import type { KernelCall, KernelTable } from "./call";

/** The greatest sum of a picture and a filter that moves over it. */
function dilate(call: KernelCall, operation: string, names: string[]) {
  const [rows, columns] = sides(call, "strides");
  const [high, wide] = sides(call, "dilations");
  return call.op(
    operation,
    names.map((name) => call.input(name)),
    {
      strides: [1, rows, columns, 1],
      rates: [1, high, wide, 1],
      padding: call.attribute<string>("pad").toUpperCase(),
    },
  );
}

function sides(call: KernelCall, name: string): [number, number] {
  const [first = 1, second = first] = call.numbers(name);
  return [first, second];
}

/** Grey-scale dilation and its gradients. */
export const dilation: KernelTable = {
  Dilation2D: (call) => dilate(call, "Dilation2D", ["x", "filter"]),
  Dilation2DBackpropFilter: (call) => dilate(call, "Dilation2DBackpropFilter", ["x", "filter", "dy"]),
  Dilation2DBackpropInput: (call) => dilate(call, "Dilation2DBackpropInput", ["x", "filter", "dy"]),
};
