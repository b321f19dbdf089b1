import { type Context, type Need, type Rule, set } from "./need";
import type { Run } from "./run";
import { settingOf } from "./variableValue";

const callLines = 6;

/** How a project says that a variable is missing. */
export const variableRules: readonly Rule[] = [
  // os.environ: the last frame of the traceback is its own.
  [
    /^KeyError: ['"](\w+)['"]$/,
    ([, name = ""], context) => (isOfEnviron(context) ? missing(name, context.run) : undefined),
  ],
  // django-environ, and what Two Scoops of Django made usual
  [/Set the (\w+) env(?:ironment)? variable/, ([, name = ""], { run }) => missing(name, run)],
  // decouple
  [/UndefinedValueError: (\w+) not found/, ([, name = ""], { run }) => missing(name, run)],
  // environs
  [/Environment variable "(\w+)" (?:not set|invalid)/, ([, name = ""], { run }) => missing(name, run)],
  // starlette's
  [/Config '(\w+)' is missing, and has no default/, ([, name = ""], { run }) => missing(name, run)],
  // pydantic-settings, whose fields are variables in upper case
  [
    /^\s+Field required \[type=missing/,
    (_, { lines, at, run }) => {
      const [, name] = /^(\w+)$/.exec(lines[at - 1] ?? "") ?? [];
      return name === undefined ? undefined : missing(name.toUpperCase(), run);
    },
  ],
  // Shells with `set -u`
  [/: ([A-Z_][A-Z0-9_]*): (?:unbound variable|parameter not set)$/, ([, name = ""], { run }) => missing(name, run)],
  // `manage.py check --deploy`, which some images run before they serve
  [
    /\(security\.W018\)/,
    (_, { run }) =>
      /^(1|true|yes|on)$/i.test(run.variables.get("DEBUG") ?? "")
        ? {
            detail: "the project refuses to start with debug on",
            nextStep: `run ${set("debug false")}`,
          }
        : undefined,
  ],
  [
    /The SECRET_KEY setting must not be empty/,
    () => ({
      detail: "the project's settings find no SECRET_KEY",
      nextStep: `let them take it from the variable SECRET_KEY, or run ${set("--path env.NAME '$(SECRET_KEY)'")} with the name of the variable that they read`,
    }),
  ],
];

function isOfEnviron({ lines, at }: Context): boolean {
  return lines
    .slice(Math.max(0, at - callLines), at)
    .some((line) => /(<frozen os>|\/os\.py)", line \d+, in __getitem__/.test(line));
}

function missing(name: string, run: Run): Need {
  if (run.variables.has(name)) {
    return {
      detail: `the project does not take the value of the variable ${name}`,
      nextStep: `set one that it takes, with ${settingOf(name, run)}`,
    };
  }
  return {
    detail: `the project needs the variable ${name}, which is not set`,
    nextStep: `run ${settingOf(name, run)}`,
  };
}
