// node tests/google/discovery/trim.mjs YOUTUBE REPORTING: makes youtube-v3.json and youtubereporting-v1.json, the parts
// of Google's discovery documents that the stand-in enforces: methods used, their parameters, schemas they reach.
// Made from `googleapiclient/discovery_cache/documents/youtube.v3.json` (revision 20261104) and `youtubereporting.v1.json`
// (revision 20260506) of the Python package google-api-python-client 2.202.0; the repository
// googleapis/google-api-nodejs-client keeps the same documents as discovery/youtube-v3.json and
// discovery/youtubereporting-v1.json. Copyright Google LLC, Apache License 2.0. Left out: all prose, and all else.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const USED = {
  "youtube-v3": [
    "youtube.search.list",
    "youtube.channels.list",
    "youtube.playlistItems.list",
    "youtube.videos.list",
    "youtube.videos.batchGetStats",
  ],
  "youtubereporting-v1": [
    "youtubereporting.reportTypes.list",
    "youtubereporting.jobs.list",
    "youtubereporting.jobs.create",
    "youtubereporting.jobs.reports.list",
    "youtubereporting.jobs.reports.get",
    "youtubereporting.media.download",
  ],
};
const PROSE = ["description", "enumDescriptions", "enumDeprecated", "deprecated"];

/** A property may itself be called `description`: prose is a text, and what describes values is a list. */
const isProse = (name, part) => PROSE.includes(name) && (typeof part !== "object" || Array.isArray(part));

const withoutProse = (_key, value) =>
  value === null || typeof value !== "object" || Array.isArray(value)
    ? value
    : Object.fromEntries(
        Object.entries(value).filter(([name, part]) => !isProse(name, part) && name !== "annotations"),
      );

const methodsOf = (resource) => [
  ...Object.values(resource.methods ?? {}),
  ...Object.values(resource.resources ?? {}).flatMap(methodsOf),
];

function reach(schemas, name, reached = {}) {
  if (reached[name]) return reached;
  reached[name] = schemas[name];
  for (const [, inner] of JSON.stringify(schemas[name]).matchAll(/"\$ref":"(\w+)"/g)) reach(schemas, inner, reached);
  return reached;
}

function trim(document, ids) {
  const methods = methodsOf(document).filter(({ id }) => ids.includes(id));
  const pick = ({ id, httpMethod, path, parameters, scopes, response }) => [
    id,
    { httpMethod, path, parameters, scopes, response: response.$ref },
  ];
  const schemas = methods.reduce((all, { response }) => reach(document.schemas, response.$ref, all), {});
  const { revision, parameters } = document;
  return { revision, parameters, methods: Object.fromEntries(methods.map(pick)), schemas };
}

Object.entries(USED).forEach(([name, ids], at) => {
  const trimmed = trim(JSON.parse(readFileSync(process.argv[2 + at], "utf8")), ids);
  writeFileSync(join(import.meta.dirname, `${name}.json`), `${JSON.stringify(trimmed, withoutProse, 2)}\n`);
});
