/** What the probe notes inside the program's Node process; milliseconds. */
export interface ProgramTimes {
  /** Start of the process, as time of day. */
  origin: number;
  /** After the start: Node is up and nothing of Pulumi is loaded. */
  ready: number;
  /** After the start: loading index.ts with everything it imports. */
  entry?: { start: number; end: number };
  /** Spent on loading each package, without what that loads in turn; "program" for the program's own files. */
  modules: Record<string, number>;
  /** Spent in functions of the program, their waiting included. */
  functions: Record<string, number>;
}

/** Packages that one import brings in, by the import people know. */
const groups: [title: string, packages: RegExp][] = [
  ["typescript", /^typescript$/],
  ["ts-node", /^(ts-node|@cspotcode|make-error|v8-compile-cache|diff$|arg$|acorn)/],
  ["program's own files, transpiled", /^program$/],
  ["@pulumi/kubernetes", /^@pulumi\/kubernetes$/],
  ["@pulumi/docker, @pulumi/docker-build", /^@pulumi\/docker(-build)?$/],
  ["yaml, dockerfile-ast, other imports", /^(yaml|dockerfile-|vscode-|execa|fastest-levenshtein)/],
  ["@pulumi/pulumi and what it imports", /./],
];

/** Sums the modules' times by group; milliseconds. */
export function moduleGroups(modules: Record<string, number>): [title: string, milliseconds: number][] {
  const sums = new Map(groups.map(([title]) => [title, 0]));
  for (const [name, time] of Object.entries(modules)) {
    const title = groups.find(([, packages]) => packages.test(name))?.[0] ?? "";
    sums.set(title, (sums.get(title) ?? 0) + time);
  }
  return [...sums];
}
