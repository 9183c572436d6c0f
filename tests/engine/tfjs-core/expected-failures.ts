/** What fails of tfjs-core's tests for kernels that can be compiled, by the reason. */
export const expectedFailures: Record<string, string[]> = {
  "tensors of strings are no numbers: they are not compiled": [
    "ops/clone: clone 1D string dtype",
    "ops/clone: clone 2D string dtype",
    "ops/clone: clone 3D string dtype",
    "ops/clone: clone 4D string dtype",
    "ops/clone: clone gradient: 1D string works with float32 dy",
    "ops/concat: concat3d Accepts string tensor.",
    "ops/equal: equal should support string comparison",
    "ops/expand_dims: expandDims 1d string tensor",
    "ops/expand_dims: expandDims 2d string tensor, axis=1",
    "ops/fill: fill 1D fill string",
    "ops/fill: fill 2D fill string",
    "ops/greater_equal: greaterEqual should support string comparison",
    "ops/greater: greater should support string comparison",
    "ops/less_equal: lessEqual should support string comparison",
    "ops/less: less should support string comparison",
    "ops/not_equal: notEqual should support string comparison",
    "ops/slice: slice  accepts string slices 2x2x2 array into 2x1x1 no size.",
    "ops/slice: slice  accepts string slices 2x2x2 array into 1x2x2 with scalar begin no size.",
    "ops/slice: slice  accepts string slice encoded string.",
    "ops/sparse_to_dense: sparseToDense should work for string",
    "ops/squeeze: squeeze default",
    "ops/squeeze: squeeze specific dimension",
    "ops/squeeze: squeeze all ones",
    "ops/squeeze: squeeze squeeze only ones",
    "ops/stack: stack accepts string.",
    "ops/tile: tile 1d string tensor",
    "ops/tile: tile 2d string tensor",
    "ops/tile: tile 6D string tensor",
    "ops/unstack: unstack accepts string",
    "tensor: tensor Scalar string dtype",
    "tensor: tensor reshape a string tensor",
    "tensor: tensor.toString 1d long string tensor verbose",
    "tensor: tensor.toString 2d long string tensor verbose",
  ],
  "tfjs's own backends let a clone share its data; in a recording it is a value of its own, which the tests' count of memory takes for a leak":
    [
      "gradients: customGradient second order derivative through customGradient",
      "gradients: customGradient calling gradient of custom op twice works",
      "ops/fused/fused_conv2d: fused conv2d backProp input x=[2,3,3,1] f=[2,2,1,1] s=1 p=0",
      "ops/fused/fused_conv2d: fused conv2d gradient x=[2,3,3,1] f=[2,2,1,1] s=1 p=0",
      "ops/fused/fused_conv2d: fused conv2d gradient x=[2,3,3,1] f=[2,2,1,1] s=1 p=0 with bias",
      "ops/fused/fused_depthwise_conv2d: fused depthwiseConv2D gradient x=[2,3,3,1] f=[2,2,1,1] s=1 p=0",
      "ops/fused/fused_depthwise_conv2d: fused depthwiseConv2D gradient x=[2,3,3,1] f=[2,2,1,1] s=1 p=0 with bias",
      "ops/log_softmax: logSoftmax 1D gradient",
    ],
  "the gradient of logSigmoid reads its input without having saved it, which only works where a clone shares its data":
    ["ops/log_sigmoid: logSigmoid gradient with clones"],
  "values are not known while a step is recorded: TensorFlow reports an index out of bounds at the run, or takes zeros on a GPU":
    ["ops/gather: gather throws when index is out of bound"],
  "tfjs's gradient divides by the whole window, its average by what the window sees; TensorFlow's gradient is that of the average":
    ["ops/avg_pool: avgPool gradient x=[3,3,1] f=[3,3] s=1 p=explicit"],
  "tfjs takes a window of one element for the identity, though it moves over padding by steps of two": [
    "ops/pool: pool max x=[2,2,3] f=[1,1] s=2 p=1 fractional outputs default rounding",
    "ops/pool: pool avg x=[2,2,3] f=[1,1] s=2 p=1 fractional outputs default rounding",
  ],
  "the shapes do not fit together: tfjs computes something, TensorFlow refuses": [
    "ops/binary_ops: atan2 upcasts when dtypes dont match",
    "ops/conv2d_transpose: conv2dTranspose input=8x8x8,output=4x4x8,f=8,s=1,inDepth=8,p=same vec4",
  ],
  "TensorFlow refuses a window larger than the picture, where tfjs gives an empty result": [
    "ops/avg_pool_3d: avgPool3d x=[1,1,1,1,1] f=[1,1,3] s=1 p=valid",
  ],
  "TensorFlow's greatest of a window is NaN where the window holds one": [
    "ops/max_pool_with_argmax: maxPoolWithArgmax [x=[1,3,3,1] f=[2,2] s=1 ignores NaNs",
  ],
  "TensorFlow's softmax gives 0 for numbers beside a NaN, which stays NaN": ["ops/softmax: softmax Propagates NaNs"],
  "near its pole TensorFlow's tangent differs in the last digit of float32, the test asks for all": [
    "ops/tan: tan numbers exceed float32 precision",
  ],
};
