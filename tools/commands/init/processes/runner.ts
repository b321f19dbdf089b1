/** What runs a command in the virtual environment of a project, with options that take no value. */
const runner = /^(?:exec )?((?:uv|poetry|pdm|pipenv) run(?: --?(?:no-sync|frozen|locked|no-dev|offline|[qv]))*) \S/;

/** The beginning of a command line that runs the rest in the project's environment: `uv run`; undefined for none. */
export const runnerOf = (line: string | undefined): string | undefined => runner.exec(line ?? "")?.[1];

/** A command as the image of another one runs it, whose environment may not be on PATH. */
export function byRunner(command: string, like: string | undefined): string {
  const start = runnerOf(command) === undefined ? runnerOf(like) : undefined;
  return start === undefined ? command : `${start} ${command}`;
}
