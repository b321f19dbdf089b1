import path from "node:path";

import { commandsIn } from "../processes/commandWords";
import { byRunner, runnerOf } from "../processes/runner";
import { type Decision, emptyDecision, type Findings } from "./decision";

/** What the program runs with Postgres where `release` is not set. */
const standard = "python manage.py migrate --noinput";

/** The command that creates the tables, where the image does not and the program's own would not do it. */
export function decideRelease(findings: Findings, database: "sqlite" | "postgres"): Decision {
  const decision = emptyDecision();
  const { processes, settings } = findings;
  if (settings.database?.value === "mysql") {
    return decision;
  }
  const { release } = processes;
  const own = inEnvironment(`${interpreterOf(findings)} ${managePath(findings)} migrate --noinput`, findings);
  if (release?.command !== undefined) {
    if (database !== "postgres" || release.command !== standard) {
      decision.settings.push({ key: "release", value: release.command, where: release.where });
    }
  } else if (migratesWhateverIsAsked(findings)) {
    // A command that is given to it would start another server, and never end.
    if (database === "postgres") {
      decision.settings.push({ key: "release", value: "none", where: findings.image?.dockerfile ?? "" });
    }
  } else if (database === "postgres" ? own !== standard : !imageMigrates(findings)) {
    decision.settings.push({ key: "release", value: own, where: settings.settingsModule?.where ?? "manage.py" });
  }
  return decision;
}

/** What Python is called in the image, as its web process says: Debian's packages have no `python`. */
function interpreterOf({ processes, image }: Findings): string {
  const lines = [processes.web?.command, image?.command, image?.entrypoint];
  const programs = lines.flatMap((line) => commandsIn(line ?? "").flat()).map((word) => path.posix.basename(word));
  return programs.find((name) => /^python3?$/.test(name)) ?? "python";
}

/** A command for an image whose environment is not on PATH, as its web process says. */
export function inEnvironment(command: string, { processes, image }: Findings): string {
  const like = [image?.command, image === undefined ? undefined : processes.web?.command, image?.entrypoint];
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
