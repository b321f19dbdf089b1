import fs from "node:fs";
import path from "node:path";

/** Larger files are no scripts. */
const largestScript = 64 * 1024;

/**
 * Whether an image's ENTRYPOINT runs the command that it is given, as one that waits for a database does, rather than
 * being a command itself, such as `gunicorn`.
 *
 * @param entrypoint in exec form; undefined for that of the image that the Dockerfile is from
 * @param folder root of the build context
 * @param files of the build context, which may have the script that the ENTRYPOINT runs
 */
export function runsCommand(
  entrypoint: readonly string[] | undefined,
  folder: string,
  files: readonly string[],
): boolean {
  if (entrypoint === undefined || entrypoint.length === 0) {
    return true;
  }
  if (entrypoint.includes("-c")) {
    return entrypoint.some(runsItsArguments);
  }
  // Most Dockerfiles copy the script to a place of its own, under its own name.
  const names = new Set(entrypoint.map((word) => path.posix.basename(word)));
  const texts = files.filter((file) => names.has(path.posix.basename(file))).map((file) => readScript(folder, file));
  const scripts = texts.filter((text) => text !== undefined);
  return scripts.length > 0 ? scripts.some(runsItsArguments) : isUsualRunner(entrypoint);
}

/** Programs that take what follows for arguments of their own. */
const programs = /^(gunicorn|uwsgi|daphne|uvicorn|hypercorn|granian|waitress-serve|celery|manage\.py|django-admin)$/;
/** What only looks at its arguments. */
const looking = /^\s*(#|for\s|echo\s|printf\s)/;

/** Whether a script runs the command that it is given, as `exec "$@"` does and `gunicorn shop.wsgi "$@"` does not. */
export function runsItsArguments(script: string): boolean {
  const commands = script.replace(/\\\r?\n/g, " ").split(/\r?\n|&&|\|\||;/);
  return commands.some((command) => {
    const at = command.search(/\$[@*]|\$\{[@*]\}/);
    const before = command.slice(0, Math.max(at, 0)).split(/[\s"']+/);
    return at !== -1 && !looking.test(command) && !before.some((word) => programs.test(path.posix.basename(word)));
  });
}

/** `tini --`, `uv run`, and a script that the image has from elsewhere. */
export function isUsualRunner(entrypoint: readonly string[]): boolean {
  const last = entrypoint.at(-1) ?? "";
  return last === "--" || last === "run" || /^(tini|dumb-init|catatonit)$|entrypoint/.test(path.posix.basename(last));
}

function readScript(folder: string, file: string): string | undefined {
  const place = path.join(folder, file);
  const stats = fs.lstatSync(place, { throwIfNoEntry: false });
  return stats?.isFile() === true && stats.size <= largestScript ? fs.readFileSync(place, "utf8") : undefined;
}
