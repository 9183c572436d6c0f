import nodePath from "node:path";

/**
 * Makes short, distinct names for picture files: the shortest end of each path that no other file in the list shares. A
 * file that is listed more than once is numbered.
 * @param path path functions of the platform, which set the separator
 */
export function thumbnailLabels(files: readonly string[], path: nodePath.PlatformPath = nodePath): string[] {
  const full = files.map((file) => path.resolve(file));
  const distinct = new Set(full);
  const users = new Map<string, number>();
  for (const file of distinct) {
    for (const end of pathEndings(file, path.sep)) users.set(end, (users.get(end) ?? 0) + 1);
  }
  const labels = new Map<string, string>();
  for (const file of distinct) {
    const own = pathEndings(file, path.sep).find((end) => users.get(end) === 1);
    labels.set(file, own ?? file);
  }
  return numbered(full.map((file) => labels.get(file) ?? file));
}

/**
 * Labels for the rows of a ranking, in which a picture stands once for each title.
 * @param rows each with its picture's name, and its place among the pictures that were given, from 0
 */
export function rankedLabels(rows: readonly { index: number; image: string }[]): string[] {
  const pictures = new Map(rows.map(({ index, image }) => [index, image]));
  const order = [...pictures.keys()].sort((a, b) => a - b);
  const labels = thumbnailLabels(order.map((index) => pictures.get(index) ?? ""));
  const labelOf = new Map(order.map((index, place) => [index, labels[place] ?? ""]));
  return rows.map(({ index }) => labelOf.get(index) ?? "");
}

/** `c.jpg`, `b/c.jpg`, `a/b/c.jpg`, ... up to the whole path. */
function pathEndings(file: string, separator: string): string[] {
  const parts = file.split(separator);
  return parts.map((_, i) => parts.slice(parts.length - 1 - i).join(separator));
}

/** Appends a number to the second and later of equal labels. */
function numbered(labels: readonly string[]): string[] {
  const taken = new Set(labels);
  const seen = new Set<string>();
  return labels.map((label) => {
    if (!seen.has(label)) {
      seen.add(label);
      return label;
    }
    let number = 2;
    while (taken.has(`${label} (${number})`)) number++;
    const own = `${label} (${number})`;
    taken.add(own);
    return own;
  });
}
