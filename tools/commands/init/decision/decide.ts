import { decideCommand } from "./command";
import { decideDatabase } from "./database";
import type { Found } from "../findings";
import type { Decision, Findings, Setting, StackFacts } from "./decision";
import { notesOf } from "./notes";
import { decideMedia } from "./media";
import { decideProcesses } from "./processes";
import { decideRedis } from "./redis";
import { decideRelease } from "./release";
import { decideSchedules } from "./schedules";
import { decideServers } from "./servers";
import { decideSqliteFile } from "./sqliteFile";
import { decideStaticFiles } from "./staticFiles";
import { decideVariables } from "./variables";

/**
 * Decides what a stack's config has to say for a project. Nothing is asked or written here.
 *
 * @param project folder of the project, relative to the checkout, with forward slashes
 */
export function decide(project: Found<string>, findings: Findings, stack: StackFacts): Decision {
  const database = decideDatabase(findings, stack);
  const redis = decideRedis(findings);
  const servers = { database: database.database, hasRedis: redis.hasRedis };
  const names = new Set<string>();
  const command = decideCommand(findings);
  const parts = [
    database,
    decideSqliteFile(findings, database.database),
    redis,
    command,
    decideRelease(findings, database.database),
    decideProcesses(findings, names),
    decideSchedules(findings, names),
    decideMedia(findings),
    decideVariables(findings, servers, redis.references, stack),
    decideServers(findings, database.database),
    decideStaticFiles(findings, command.settings.find(({ key }) => key === "command")?.value),
    decideUser(findings, stack),
  ];
  const missing = parts.flatMap((part) => part.missing);
  return {
    settings: [
      { key: "project", ...project },
      ...buildSettings(findings),
      ...parts.flatMap((part) => part.settings),
      ...debugAndHealth(findings),
    ],
    secrets: parts.flatMap((part) => part.secrets),
    missing: [
      ...missing.filter(
        (each, index) => missing.findIndex(({ name, key }) => name === each.name && key === each.key) === index,
      ),
      ...buildSecrets(findings),
      ...indexSecrets(findings),
    ],
    notes: [...parts.flatMap((part) => part.notes), ...notesOf(findings)],
  };
}

/** Dockerfile, stage and arguments, where they are not the usual ones. */
function buildSettings({ image, processes }: Findings): Setting[] {
  const { dockerfile, buildTarget, buildArgs } = processes;
  const isBuilt = image !== undefined && (dockerfile === undefined || dockerfile.value === image.dockerfile);
  return [
    ...(image === undefined || image.dockerfile === "Dockerfile"
      ? []
      : [{ key: "dockerfile", value: image.dockerfile, where: dockerfile?.where ?? image.dockerfile }]),
    ...(isBuilt && buildTarget !== undefined ? [{ key: "buildTarget", ...buildTarget }] : []),
    ...(isBuilt && buildArgs !== undefined
      ? Object.entries(buildArgs.value).map(([name, value]) => ({
          key: "buildArgs",
          name,
          value,
          where: buildArgs.where,
        }))
      : []),
  ];
}

function buildSecrets({ processes: { buildSecrets: secrets } }: Findings): Decision["missing"] {
  return (secrets?.value ?? []).map((id) => ({
    key: "buildSecrets",
    name: id,
    where: secrets?.where ?? "",
    value: "VALUE",
    isSecret: true,
  }));
}

/** Tokens in the URLs of indexes, for the Dockerfile that init writes. */
function indexSecrets({ image, dependencies }: Findings): Decision["missing"] {
  return (image === undefined ? dependencies.indexVariables : []).map(({ value, where }) => ({
    key: "buildSecrets",
    name: value,
    where,
    value: "VALUE",
    isSecret: true,
  }));
}

function debugAndHealth({ settings, processes, image }: Findings): Setting[] {
  const own = image?.healthcheck;
  const check = own === undefined ? processes.healthcheck : { value: own, where: image?.dockerfile ?? "" };
  const path = check && pathOf(check.value);
  return [
    ...(settings.debugValues === undefined || settings.debugValues.value === "1,0"
      ? []
      : [{ key: "debugValues", ...settings.debugValues }]),
    ...(check === undefined || path === undefined ? [] : [{ key: "readinessPath", value: path, where: check.where }]),
  ];
}

/**
 * The path that a health check fetches; undefined for none, and for `/`, which may lead elsewhere or need a login. What a
 * shell has below `/dev/tcp/` is a port.
 */
function pathOf(check: string): string | undefined {
  const [, path] =
    /(?<!\/dev\/tcp\/)(?:localhost|127\.0\.0\.1|0\.0\.0\.0)(?::[0-9]+|:\$\{?\w+\}?)?(\/[\w./-]+)/.exec(check) ?? [];
  return path;
}

/** A shared cluster runs nothing as root, and has to be told the number of a user with a name. */
function decideUser({ image }: Findings, { target, has }: StackFacts): Decision {
  const { config, uid, dockerfile: where = "" } = image ?? {};
  const isNumeric = /^[1-9][0-9]*$/.test(config?.user ?? "");
  const isFree = target !== "cluster" || image === undefined || isNumeric || has("runAsUser");
  const isKnown = !isFree && uid !== undefined && uid > 0;
  return {
    settings: isKnown ? [{ key: "runAsUser", value: String(uid), where }] : [],
    secrets: [],
    missing: isFree || isKnown ? [] : [{ key: "runAsUser", where, value: "10001", isSecret: false }],
    notes: [],
  };
}
