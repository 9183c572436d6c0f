import * as tf from "@tensorflow/tfjs";

/** The name itself, or with a suffix if tfjs already has a variable of that name. */
export function freeName(name = "variable"): string {
  const taken = tf.engine().registeredVariables;
  let free = name;
  for (let count = 2; free in taken; count++) free = `${name}#${count}`;
  return free;
}
