/** Imports go one way: a room imports only from rooms to its left (docs/ARCHITECTURE.md). */
const order = [
  ["base"],
  ["files"],
  ["metrics"],
  ["config"],
  ["page"],
  ["engine"],
  ["model"],
  ["store"],
  ["thumbnails"],
  ["youtube", "dataset"],
  ["embedding"],
  ["jobs"],
  ["features"],
  ["training"],
  ["runs"],
  ["evaluation"],
  ["deployment"],
  ["serving"],
  ["notebook"],
  ["cli"],
];
const room = (name) => `^lib/${name}(/|\\.ts$)`;

const directions = order.flatMap((rooms, place) =>
  rooms.map((name) => ({
    name: `${name}-imports-leftwards`,
    severity: "error",
    from: { path: room(name) },
    to: { path: "^lib/", pathNot: [...order.slice(0, place).flat(), name].map(room) },
  })),
);

module.exports = {
  forbidden: [
    { name: "no-cycle", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-deep-import",
      comment:
        "rooms are entered by their index; without loading what it leads to, also one table, of which flags are made, and the decoder, in threads",
      severity: "error",
      from: { path: "^lib/([^/]+)/" },
      to: {
        path: "^lib/([^/]+)/.+",
        pathNot: [
          "^lib/$1/",
          "^lib/[^/]+/index\\.ts$",
          "^lib/embedding/encoders\\.ts$",
          "^lib/thumbnails/decode\\.ts$",
        ],
      },
    },
    {
      name: "one-decoder",
      comment: "lib/thumbnails judges pictures before a decoder sees them, and blocks other formats",
      severity: "error",
      from: { path: "^lib/", pathNot: "^lib/thumbnails/" },
      to: { path: "node_modules/sharp/" },
    },
    {
      name: "no-training-behind-runs",
      comment: "what reads a run's results must not know how they were trained",
      severity: "error",
      from: { path: "^lib/(evaluation|deployment)/" },
      to: { path: "^lib/training/" },
    },
    ...directions,
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
  },
};
