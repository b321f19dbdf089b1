import path from "node:path";

import { ofShell } from "../../../../components/app/commandLine";
import { commandLineOf, commandsIn, migrates, serverOf } from "../processes/commandWords";
import { doesNothing, endsByItself } from "../processes/ends";
import { isOfPlatform } from "../processes/platforms/readPlatforms";
import { byRunner, runnerOf } from "../processes/runner";
import { type Decision, emptyDecision, type Findings, staysOnMysql } from "./decision";

/** What the program runs with Postgres where `release` is not set. */
const standard = "python manage.py migrate --noinput";

/** The command that creates the tables, where the image does not and the program's own would not do it. */
export function decideRelease(findings: Findings, database: "sqlite" | "postgres"): Decision {
  const decision = emptyDecision();
  const { processes, settings } = findings;
  if (staysOnMysql(findings, database)) {
    return decision;
  }
  const { release } = processes;
  const own = inEnvironment(`${interpreterOf(findings)} ${managePath(findings)} migrate --noinput`, findings);
  if (migratesWhateverIsAsked(findings)) {
    // A command that is given to it would start another server, and never end.
    if (database === "postgres") {
      decision.settings.push({ key: "release", value: "none", where: findings.image?.dockerfile ?? "" });
    }
  } else if (release?.command !== undefined) {
    const command = withMigrations(fromRoot(release.command, release.where, findings), own, findings);
    if (database !== "postgres" || command !== standard) {
      decision.settings.push({ key: "release", value: command, where: release.where });
    }
  } else if (database === "postgres" ? own !== standard : !imageMigrates(findings)) {
    decision.settings.push({ key: "release", value: own, where: settings.settingsModule?.where ?? "manage.py" });
  }
  return decision;
}

/** A release that only collects static files, or tells something, leaves the tables to somebody's hand. */
function withMigrations(command: string, migrations: string, findings: Findings): string {
  const isKnown = (endsByItself(command) || doesNothing(command)) && !migrates(command);
  return isKnown && !imageMigrates(findings) ? `${command} && ${migrations}` : command;
}

/** What Python is called in the image, as its web process says: Debian's packages have no `python`. */
function interpreterOf({ processes, image }: Findings): string {
  // A Dockerfile that init writes has it on PATH.
  const lines = image === undefined ? [] : [processes.web?.command, image.command, image.entrypoint];
  const expanded = (word: string): string =>
    word.replace(/^\\?\$\{?(\w+)\}?(?=\/)/, (all, name: string) => image?.config.environment.get(name) ?? all);
  const words = lines.flatMap((line) => commandsIn(line ?? "").flat()).map(expanded);
  // That of an environment which is not on PATH is named by its whole path.
  const found = words.find((word) => /^python3?$/.test(path.posix.basename(word)) && !word.includes("$"));
  return found ?? "python";
}

/** A command for an image whose environment is not on PATH, as its web process says, or the script that starts it. */
export function inEnvironment(command: string, { processes, image, start }: Findings): string {
  if (image === undefined) {
    return command;
  }
  const lines = [image.command, processes.web?.command, image.entrypoint];
  const started = [start.entrypoint, image.command === undefined ? start.process : start.image];
  const inScripts = started.flatMap((each) => each?.lines ?? []).filter(({ text }) => serverOf(text) !== undefined);
  const like = [...lines, ...inScripts.flatMap(({ text }) => commandsIn(text).map(commandLineOf))];
  return byRunner(
    command,
    like.find((line) => runnerOf(line) !== undefined),
  );
}

/** Whether the image's ENTRYPOINT creates the tables and then serves, whatever its command is. */
function migratesWhateverIsAsked({ start: { entrypoint } }: Findings): boolean {
  return entrypoint?.serves === true && entrypoint.migrates && !entrypoint.passesOn;
}

function imageMigrates({ start, image }: Findings): boolean {
  const command = image?.command === undefined ? start.process : start.image;
  return (start.entrypoint?.migrates ?? false) || (command?.migrates ?? false);
}

/** manage.py as the image's working folder sees it. */
export function managePath({ settings, image }: Findings): string {
  const { manageFolder } = settings;
  const isInWorkdir =
    manageFolder === "." ||
    image === undefined ||
    image.copied.some(({ source }) => source.replace(/^\.\//, "").replace(/\/\.?$/, "") === manageFolder) ||
    path.posix.basename(image.workdir ?? "") === path.posix.basename(manageFolder);
  return isInWorkdir ? "manage.py" : `${manageFolder}/manage.py`;
}

/** What activates an environment of Python that a hosting platform has: in an image that init writes, it is on PATH. */
const activation = /^\s*(source|\.)\s+\S*bin\/activate\s*(&&|;)\s*/;

/** A command of a hosting platform, which starts in the root of the project, for an image that starts in the folder of manage.py. */
export function fromRoot(line: string, where: string, findings: Findings): string {
  const isBare = findings.image !== undefined || !isOfPlatform(where);
  const command = isBare ? line : line.replace(activation, "");
  const { manageFolder } = findings.settings;
  const isElsewhere = isOfPlatform(where) && manageFolder !== "." && managePath(findings) === "manage.py";
  const [words = [], ...others] = commandsIn(command);
  const paths = [words, ...others].flat().flatMap((word) => word.split("="));
  const isBelow = (each: string): boolean => `${each}/`.startsWith(`${manageFolder}/`);
  const starts = [findings.start.process, ...findings.startOf.values()];
  const scripts = starts.flatMap((each) => each?.lines ?? []).map((each) => each.where.replace(/:\d+$/, ""));
  const namesFolder = paths
    .map((each) => path.posix.normalize(each))
    .some((each) => isBelow(each) || scripts.includes(each));
  const isPlain = others.length === 0 && !ofShell.test(words[0] ?? "");
  if (isElsewhere && namesFolder) {
    return `cd ${path.posix.relative(`/${manageFolder}`, "/")} && ${isPlain ? "exec " : ""}${command}`;
  }
  return isOfPlatform(where) ? inEnvironment(command, findings) : command;
}
