// Preloaded, so that a script believes it runs on another Node.
Object.defineProperty(process.versions, "node", { value: "20.20.2" });
Object.defineProperty(process, "arch", { value: "x64" });
Object.defineProperty(process, "platform", { value: "linux" });
