/** TF_DataType of tensorflow/c/tf_datatype.h. */
export const FLOAT32 = 1;
export const INT32 = 3;
export const BOOL = 10;
/** Types that tfjs does not have: only products are computed in them. */
export const BFLOAT16 = 14;
export const FLOAT16 = 19;

/** tfjs's names of the types that we map. */
export type TypeName = "float32" | "int32" | "bool";

const CODES: Record<TypeName, number> = { float32: FLOAT32, int32: INT32, bool: BOOL };

/** TensorFlow's code of a tfjs type. */
export function typeCode(name: string): number {
  const code = CODES[name as TypeName];
  if (code === undefined) throw new TypeError(`tensors of type ${name} cannot be compiled`);
  return code;
}

/** tfjs's name of a TensorFlow type. */
export function typeName(code: number): TypeName {
  const found = (Object.keys(CODES) as TypeName[]).find((name) => CODES[name] === code);
  if (found === undefined) throw new TypeError(`TensorFlow's data type ${code} has no name in tfjs`);
  return found;
}

/** Bytes of one element. */
export function elementBytes(code: number): number {
  if (code === FLOAT16 || code === BFLOAT16) return 2;
  return code === BOOL ? 1 : 4;
}
