import { createHash } from "node:crypto";

import type { DatabaseName } from "../config/database";
import type { ImageConfig } from "../image/imageConfig";
import { Problem } from "../problem";
import { type AgentOptions, underAgent, withoutAgent } from "../liveReload/agentCommand";
import { execForm, literally } from "./commandLine";
import { dataFolder } from "./environment";

/** What decides how processes start. */
export interface StartArgs {
  /** Command line in place of the image's CMD; undefined for that. */
  command: string | undefined;
  /** Command line that runs before processes change; undefined for the database's own, `none` for none. */
  release: string | undefined;
  database: DatabaseName;
  /** Size of the volume that keeps the file of SQLite; undefined for one that goes with its pod. */
  databaseStorage: string | undefined;
  /** The image's own ENTRYPOINT and CMD. */
  config: Pick<ImageConfig, "entrypoint" | "command">;
  /** Whether that ENTRYPOINT runs the command that it is given. */
  entrypointRunsCommand: boolean;
  /** Path of the Dockerfile, for messages. */
  dockerfile: string;
  /** With what the agent starts it again where its sources have changed; undefined where it runs by itself. */
  live?: AgentOptions | undefined;
}

/** What a container runs, as in its spec. */
export interface ContainerCommand {
  /** In place of the image's ENTRYPOINT, and of its CMD; undefined for them. */
  command: string[] | undefined;
  /** In place of the image's CMD; undefined for it. */
  args: string[] | undefined;
}

/** How processes start. */
export interface Start extends ContainerCommand {
  /** What runs once, before processes change; undefined for nothing. */
  release: ContainerCommand | undefined;
}

const migration = "python manage.py migrate --noinput";

const inShell = ["/bin/sh", "-c"];
/** What the shell calls itself in its errors. */
const releaseName = "release";

/**
 * Puts links to the volume where the settings have files of SQLite: those of most projects are beside manage.py, in a
 * folder of the image. SQLite follows links, and keeps its journal where the file itself is.
 */
const keepFile = `python manage.py shell --verbosity 0 --command '
import os, shutil
from django.conf import settings
for database in settings.DATABASES.values():
    name = str(database.get("NAME", ""))
    if database["ENGINE"].rpartition(".")[2] not in ("sqlite3", "spatialite") or name in ("", ":memory:") or name.startswith("file:"):
        continue
    path, kept = os.path.abspath(name), os.path.join("${dataFolder}", os.path.basename(name))
    if os.path.realpath(path) == os.path.realpath(kept):
        continue
    if os.path.exists(path):
        if not os.path.exists(kept):
            shutil.copyfile(path, kept + ".new")
            os.rename(kept + ".new", kept)
        os.remove(path)
    os.symlink(kept, path)
'`;

/** Whether SQLite's file is kept in a volume. */
const isKept = ({ database, databaseStorage }: Pick<StartArgs, "database" | "databaseStorage">): boolean =>
  database === "sqlite" && databaseStorage !== undefined;

/** The command line that runs before processes change; undefined for none. */
export function releaseLineOf(start: Pick<StartArgs, "release" | "database" | "databaseStorage">): string | undefined {
  const usual = start.database === "postgres" || isKept(start) ? migration : undefined;
  return start.release === "none" ? undefined : (start.release ?? usual);
}

/**
 * Decides how the processes of an app start.
 *
 * The release command runs as compose would run it: by the image's ENTRYPOINT, which may set a variable or wait for the
 * database. A file of SQLite's is where the process is: there the command runs in each pod, before its process.
 *
 * @throws a `Problem` when the image's own command has to be known and is not
 */
export function startOf(given: StartArgs): Start {
  const start = { ...given, config: wordsOf(given.config) };
  const { command, release, database, config, entrypointRunsCommand, live } = start;
  const args = command === undefined ? undefined : execForm(command);
  const keepsFile = isKept(start);
  const line = releaseLineOf(start);
  if (database === "postgres" || (line === undefined && !keepsFile)) {
    const words = line === undefined ? undefined : execForm(line);
    const byEntrypoint = { command: undefined, args: words };
    const alone = { command: words, args: undefined };
    return { ...usualStart(start, args), release: words && (entrypointRunsCommand ? byEntrypoint : alone) };
  }
  const own = args ?? config.command;
  const run = (words: readonly string[]): readonly string[] => (live === undefined ? words : underAgent(words, live));
  const before = [...(keepsFile ? [keepFile] : []), ...(line === undefined ? [] : [line])];
  const script = [...inShell, `(${before.join(" && ")}\n) && exec "$@"`, releaseName];
  // The file has to be in the volume before an ENTRYPOINT opens it.
  if (own !== undefined && entrypointRunsCommand && !keepsFile) {
    return { command: undefined, args: [...script, ...run(own)], release: undefined };
  }
  // An image whose ENTRYPOINT is its Dockerfile's own has no other CMD than one from there.
  const whole = own ?? (config.entrypoint && []);
  if (whole === undefined) {
    throw unknownCommand(start, line === undefined || release === undefined ? "databaseStorage" : "release");
  }
  return { command: script, args: [...run([...(config.entrypoint ?? []), ...whole])], release: undefined };
}

/** What an image runs, for a pod's spec: Docker replaces nothing in it. */
const wordsOf = ({ entrypoint, command }: StartArgs["config"]): StartArgs["config"] => ({
  entrypoint: entrypoint?.map(literally),
  command: command?.map(literally),
});

/** How a process starts where nothing runs before it in its pod. */
function usualStart(start: StartArgs, args: string[] | undefined): ContainerCommand {
  const { config, entrypointRunsCommand, live } = start;
  if (live === undefined) {
    return { command: undefined, args };
  }
  const own = args ?? config.command;
  if (own !== undefined && entrypointRunsCommand) {
    return { command: undefined, args: underAgent(own, live) };
  }
  const whole = own ?? (config.entrypoint && []);
  if (whole === undefined) {
    throw unknownCommand(start, "liveReload");
  }
  return { command: underAgent([...(config.entrypoint ?? []), ...whole], live), args: undefined };
}

/** The command of a pod, in its spec's `args`, without a release command that runs before it, and without the agent. */
export function afterRelease(args: readonly string[]): { hasRelease: boolean; args: string[] } {
  const [shell, option, , name, ...own] = args;
  const hasRelease = shell === inShell[0] && option === inShell[1] && name === releaseName;
  return { hasRelease, args: withoutAgent(hasRelease ? own : args) };
}

/** @param key for which the command has to be known */
function unknownCommand(
  { release, databaseStorage, dockerfile }: StartArgs,
  key: "release" | "databaseStorage" | "liveReload",
): Problem {
  const [value = "", rest] = {
    release: [release, "pulumi config set release none"] as const,
    databaseStorage: [databaseStorage, "pulumi config rm databaseStorage"] as const,
    liveReload: ["true", "pulumi config set liveReload false"] as const,
  }[key];
  return new Problem(
    `Config key "${key}" is "${value}", for which something runs before the image's own command, and ${dockerfile} has no CMD that says what that is`,
    `run \`pulumi config set command 'COMMAND'\` with the command of the web process, or \`${rest}\``,
  );
}

/**
 * What the result of a release command depends on, as far as the program knows: 12 hexadecimal digits. Migrations read no
 * templates and no static files; another command may read anything.
 *
 * @param folders what decides on the folders of its pod
 */
export function releaseTagOf(
  {
    release,
    env,
    folders = [],
  }: { release: string | undefined; env: Record<string, string>; folders?: readonly string[] },
  { hash, codeHash }: { hash: string; codeHash: string },
): string {
  const words = execForm(release ?? migration);
  const isMigration = /(^|\/)manage\.py$/.test(words[1] ?? "") && words[2] === "migrate";
  const all = [isMigration ? codeHash : hash, ...words, JSON.stringify(Object.entries(env).sort()), ...folders];
  return createHash("sha256").update(JSON.stringify(all)).digest("hex").slice(0, hash.length);
}

/**
 * Decides how a process beside the web's starts. The release command has run by then, or runs in the web process's pods;
 * only where each pod has a file of SQLite of its own it runs before each process.
 */
export function otherStartOf(command: string, args: StartArgs): ContainerCommand {
  const hasOwnFile = args.database === "sqlite" && args.databaseStorage === undefined;
  return startOf({ ...args, command, release: hasOwnFile ? args.release : "none" });
}
