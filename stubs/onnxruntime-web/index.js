throw new Error("onnxruntime-web is not installed: in Node, transformers.js runs on onnxruntime-node");
