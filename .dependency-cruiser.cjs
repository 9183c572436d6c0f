/** Imports go one way: a room imports only from rooms to its left (docs/ARCHITECTURE.md). */
const order = [
  [
    "errors",
    "arrays",
    "random",
    "escape",
    "progress",
    "progress-line",
    "secrets",
    "proxy",
    "files",
    "picture-labels",
    "page",
    "metrics",
    "config",
    "collect-settings",
    "import-settings",
    "duration",
    "language",
    "tasks",
  ],
  ["engine"],
  ["store"],
  ["pictures"],
  ["youtube", "dataset"],
  ["embedding"],
  ["jobs"],
  ["model"],
  ["training"],
  ["evaluation"],
  ["deployment"],
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
// The first group is made of single files that may use each other, without a cycle.
const roots = order[0].map((name) => ({
  name: `${name}-stays-at-the-root`,
  severity: "error",
  from: { path: room(name) },
  to: { path: "^lib/", pathNot: order[0].map(room) },
}));

module.exports = {
  forbidden: [
    { name: "no-cycle", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-deep-import",
      comment: "rooms are entered by their index",
      severity: "error",
      from: { path: "^lib/([^/]+)/" },
      to: { path: "^lib/([^/]+)/.+", pathNot: ["^lib/$1/", "^lib/[^/]+/index\\.ts$"] },
    },
    {
      name: "one-decoder",
      comment: "lib/pictures judges pictures before a decoder sees them, and blocks other formats",
      severity: "error",
      from: { path: "^lib/", pathNot: "^lib/pictures/" },
      to: { path: "node_modules/sharp/" },
    },
    ...directions.slice(order[0].length),
    ...roots,
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
  },
};
