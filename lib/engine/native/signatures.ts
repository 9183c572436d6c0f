/** The functions of TensorFlow's C API that we call: result first, then arguments (tensorflow/c/c_api.h). */
export const SIGNATURES = {
  TF_Version: ["text"],
  TF_NewStatus: ["pointer"],
  TF_DeleteStatus: ["void", "pointer"],
  TF_GetCode: ["int", "pointer"],
  TF_Message: ["text", "pointer"],
  TF_NewGraph: ["pointer"],
  TF_DeleteGraph: ["void", "pointer"],
  TF_NewOperation: ["pointer", "pointer", "text", "text"],
  TF_FinishOperation: ["pointer", "pointer", "pointer"],
  TF_AddInput: ["void", "pointer", "output"],
  TF_AddInputList: ["void", "pointer", "memory", "int"],
  TF_AddControlInput: ["void", "pointer", "pointer"],
  TF_SetAttrType: ["void", "pointer", "text", "int"],
  TF_SetAttrInt: ["void", "pointer", "text", "long"],
  TF_SetAttrIntList: ["void", "pointer", "text", "memory", "int"],
  TF_SetAttrBool: ["void", "pointer", "text", "byte"],
  TF_SetAttrFloat: ["void", "pointer", "text", "float"],
  TF_SetAttrString: ["void", "pointer", "text", "memory", "size"],
  TF_SetAttrShape: ["void", "pointer", "text", "memory", "int"],
  TF_SetAttrTensor: ["void", "pointer", "text", "pointer", "pointer"],
  TF_OperationName: ["text", "pointer"],
  TF_OperationOutputType: ["int", "output"],
  TF_GraphGetTensorNumDims: ["int", "pointer", "output", "pointer"],
  TF_GraphGetTensorShape: ["void", "pointer", "output", "memory", "int", "pointer"],
  TF_AllocateTensor: ["pointer", "int", "memory", "int", "size"],
  TF_NewTensor: [
    "pointer",
    "int", // type
    "memory", // lengths
    "int",
    "pointer", // values
    "size", // in bytes
    "pointer", // deallocator
    "pointer", // its argument
  ],
  TF_DeleteTensor: ["void", "pointer"],
  TF_TensorData: ["pointer", "pointer"],
  TF_TensorByteSize: ["size", "pointer"],
  TF_NewSessionOptions: ["pointer"],
  TF_DeleteSessionOptions: ["void", "pointer"],
  TF_SetConfig: ["void", "pointer", "memory", "size", "pointer"],
  TF_NewSession: ["pointer", "pointer", "pointer", "pointer"],
  TF_CloseSession: ["void", "pointer", "pointer"],
  TF_DeleteSession: ["void", "pointer", "pointer"],
  TF_SessionRun: [
    "void",
    "pointer", // session
    "pointer", // run options
    "memory", // inputs
    "memory", // input tensors
    "int",
    "memory", // outputs
    "memory", // output tensors
    "int",
    "memory", // targets
    "int",
    "pointer", // run metadata
    "pointer", // status
  ],
  TF_SessionListDevices: ["pointer", "pointer", "pointer"],
  TF_DeviceListCount: ["int", "pointer"],
  TF_DeviceListName: ["text", "pointer", "int", "pointer"],
  TF_DeleteDeviceList: ["void", "pointer"],
} as const;

/** A value of the graph: one output of an operation. Pointers are plain numbers. */
export interface Output {
  oper: number;
  index: number;
}

/** The TypeScript type of each kind of argument. */
interface Kinds {
  void: undefined;
  pointer: number;
  int: number;
  long: number;
  size: number;
  float: number;
  byte: number;
  text: string;
  memory: NodeJS.ArrayBufferView;
  output: Output;
}
export type Kind = keyof Kinds;

type Values<Arguments extends readonly Kind[]> = { [Index in keyof Arguments]: Kinds[Arguments[Index]] };
type Native<Signature> = Signature extends readonly [
  infer Result extends Kind,
  ...infer Arguments extends readonly Kind[],
]
  ? (...values: Values<Arguments>) => Kinds[Result]
  : never;

export type CApi = { [Name in keyof typeof SIGNATURES]: Native<(typeof SIGNATURES)[Name]> };
