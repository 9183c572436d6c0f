const profiles = ["smoke", "sample", "full"];

/** What `npm run notebooks` takes. */
export const usage = `npm run notebooks -- [--profile smoke|sample|full] [--only NN]... [--from NN] [-p NAME VALUE]... [--html FOLDER]

Runs the notebooks in their order, without a browser, and makes a report of linked pages: runs/notebooks/index.html.
  --profile  how much to compute (default: sample)
  --only     one notebook, by its number or name; may be repeated
  --from     this notebook and those after it
  -p         a parameter, given to each notebook that declares it
  --html     runs nothing: makes the pages of a folder of executed notebooks
`;

const takers = {
  "--profile": (chosen, value) => {
    if (!profiles.includes(value)) throw new Error(`--profile takes ${profiles.join(", ")}, not ${value}`);
    chosen.profile = value;
  },
  "--only": (chosen, value) => chosen.only.push(value),
  "--from": (chosen, value) => {
    chosen.from = value;
  },
  "--html": (chosen, value) => {
    chosen.html = value;
  },
  "-p": (chosen, name, value) => chosen.parameters.push([name, value]),
};

/**
 * Reads the arguments; `--profile=smoke` is as good as `--profile smoke`.
 * @throws Error that says what is wrong
 */
export function parse(args) {
  const chosen = { profile: "sample", only: [], from: undefined, html: undefined, parameters: [] };
  const words = args.flatMap((word) => (/^--[a-z]+=/.test(word) ? word.split(/=(.*)/s, 2) : [word]));
  while (words.length > 0) {
    const name = words.shift();
    const take = takers[name];
    if (take === undefined) throw new Error(`${name} is not an option`);
    const values = words.splice(0, take.length - 1);
    if (values.length < take.length - 1) throw new Error(`${name} needs a value`);
    take(chosen, ...values);
  }
  return chosen;
}

const nameOf = (path) => path.replace(/^.*[\\/]|\.ipynb$/g, "");
const isCalled = (path, word) => nameOf(path) === nameOf(word) || nameOf(path).startsWith(`${word}_`);

/**
 * The notebooks to run out of all.
 * @throws Error when a word names none
 */
export function choose(all, { only, from }) {
  for (const word of [...only, ...(from === undefined ? [] : [from])]) {
    if (!all.some((path) => isCalled(path, word))) {
      throw new Error(`there is no notebook ${word}; there are ${all.map(nameOf).join(", ")}`);
    }
  }
  const start = from === undefined ? 0 : all.findIndex((path) => isCalled(path, from));
  return all.slice(start).filter((path) => only.length === 0 || only.some((word) => isCalled(path, word)));
}
