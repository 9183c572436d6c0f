// danfojs-node asks for tfjs-node, whose native addon we do not install; any TensorFlow.js does.
module.exports = require("@tensorflow/tfjs");
