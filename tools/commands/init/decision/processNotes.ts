import { shellWord } from "../../../../components/advice";
import type { Found, OtherProcess } from "../findings";
import { readIn } from "../image/start";
import { commandLineOf, commandsIn, serverOf } from "../processes/commandWords";
import { isOfPlatform } from "../processes/platforms/readPlatforms";
import { isGiven } from "../variables/given";
import { isSwitch, secretBy } from "../variables/secrets";
import type { Findings } from "./decision";
import { namesHost } from "./servers";

/** A server of compose whose answer a command waits for by its name there. */
function awaitedIn(command: string, { processes }: Findings): string | undefined {
  const words = commandsIn(command).flat();
  return processes.services
    .map(({ name }) => name)
    .find(
      (name) =>
        words.some(
          (word, at) =>
            word.split("//").at(-1)?.split(":")[0] === name &&
            (/:\d+\/?$/.test(word) || /^-z|^nc$|^-h$|^--host$/.test(words[at - 1] ?? "")),
        ) ||
        command.includes(`/dev/tcp/${name}/`) ||
        // Of a line of Python: `socket.create_connection(("db", 5432))`.
        [`"${name}", `, `'${name}', `].some((host) => /^\d/.test(command.split(host)[1] ?? "")),
    );
}

/** A server of compose that a line of a script names in a URL that it sets: `export REDIS_URL=redis://redis:6379`. */
function namedIn(line: string, { processes }: Findings): string | undefined {
  const [, host] = /^\s*(?:export\s+)?\w+=["']?[\w+]+:\/\/(?:\S*@)?([\w.-]+):\d/.exec(line) ?? [];
  return processes.services.find(({ name }) => name === host)?.name;
}

/** What the web process waits for before it serves, and would for ever. */
export function notesOnWaiting(findings: Findings): string[] {
  const { start, image } = findings;
  const lines = [start.entrypoint, image?.command === undefined ? start.process : start.image].flatMap(
    (each) => each?.lines ?? [],
  );
  const seen = new Set<string>();
  return lines.flatMap(({ text, where }) => {
    const named = namedIn(text, findings);
    const name = named ?? awaitedIn(text, findings);
    const isNew = name !== undefined && !seen.has(name);
    seen.add(name ?? "");
    return !isNew
      ? []
      : [
          `The web process ${named === undefined ? "waits for" : "sets a URL of"} ${name} (${where}), a name that only compose has: read the host from a variable, such as PGHOST or REDIS_HOST, or leave the line out, as a process is started again until its servers answer`,
        ];
  });
}

/**
 * Variables that compose gives other processes alone, and which every process may have: a secret or a name of Flower's
 * turns nothing on, as one that says what a process is may do.
 */
export function ofOthersAlone(findings: Findings): Map<string, Found<string>> {
  const { others, environment } = findings.processes;
  const all = others.flatMap((each) => [...each.environment]);
  return new Map(
    all.filter(
      ([name, { value }]) =>
        !environment.has(name) &&
        (/FLOWER/.test(name) || secretBy(name, value) === "name") &&
        !namesServer(value, findings) &&
        all.every(([other, found]) => other !== name || found.value === value),
    ),
  );
}

/** Whether a variable that one process has says what that process is, as `IS_SCHEDULER=yes` does. */
export const saysWhatItIs = (name: string, value: string): boolean =>
  /^(IS|RUN)_|(^|_)ROLE$/.test(name) || isSwitch(value);

/** Whether a value names a server, or one of several, by a name that only compose has. */
function namesServer(value: string, { processes }: Findings): boolean {
  const addresses = value.split(/[,\s]+/);
  return processes.services.some(({ name }) => addresses.some((address) => namesHost(address, name)));
}

/** What of a process is other than in compose. */
export function notesOnProcess(each: OtherProcess, name: string, findings: Findings): string[] {
  const { processes, image, settings } = findings;
  const { environment, where, replacesEntrypoint, command = "" } = each;
  const awaited = awaitedIn(command, findings);
  const read = new Set(settings.variables.map((variable) => variable.name));
  const shared = ofOthersAlone(findings);
  const own = [...environment].filter(([variable, { value }]) => {
    const ofWeb = processes.environment.get(variable)?.value;
    const isOwn = !read.has(variable) || saysWhatItIs(variable, value);
    const isDifferent = ofWeb === undefined ? isOwn && !shared.has(variable) : ofWeb !== value;
    return isDifferent && !isGiven(variable, { database: "postgres", hasRedis: true }) && !namesServer(value, findings);
  });
  return [
    ...(own.length > 0 && !isOfPlatform(where)
      ? [
          `${name} has values of its own in compose for ${own.map(([other]) => other).join(", ")}, and here those of all processes: ${howToKeepOne(own, readIn([findings.start.entrypoint]))}`,
        ]
      : []),
    ...(awaited === undefined
      ? []
      : [
          `${name} waits for ${awaited}, a name that only compose has: \`pulumi config set --path processes.${name}.command COMMAND\` sets a command without it, as a process is started again until its servers answer`,
        ]),
    ...(each.image !== undefined && image !== undefined
      ? [`${name} is built by ${each.image.dockerfile} in compose, and runs in the image of the web process here`]
      : []),
    ...(replacesEntrypoint && image?.entrypoint !== undefined
      ? [`${name} replaces the image's ENTRYPOINT in compose; here ${image.entrypoint} runs first, with its command`]
      : []),
    ...(serverOf(command) !== undefined
      ? [
          `${name} is a server of its own, which only the other processes reach: \`pulumi config set --path processes.${name}.expose /${name}\` gives it a path of the Ingress`,
        ]
      : []),
  ];
}

/**
 * A secret is not shown, and a command that has it would be in plain text.
 *
 * @param readBefore what the image's ENTRYPOINT reads, which runs before a command
 */
function howToKeepOne(
  own: readonly (readonly [name: string, found: Found<string>])[],
  readBefore: ReadonlyMap<string, string>,
): string {
  const plains = own.filter(([name, { value }]) => secretBy(name, value) === undefined);
  const plain = plains.find(([name]) => !readBefore.has(name));
  const [early] = plain === undefined ? plains : [];
  if (early !== undefined) {
    const [name, { value }] = early;
    return `the image's ENTRYPOINT reads ${name} before a command (${readBefore.get(name) ?? ""}), so choose one for all of them, as \`pulumi config set --type string --path env.${name} ${shellWord(value)}\` does`;
  }
  return plain === undefined
    ? `set another name with \`pulumi config set --secret --path secretEnv.NAME VALUE\`, and begin its command with \`env ${own[0]?.[0] ?? ""}=$(NAME)\`, to keep one`
    : `begin its command with \`env ${commandLineOf([`${plain[0]}=${plain[1].value}`])}\` to keep one`;
}

export function noteOnEntrypoint({ processes, image, settings, start }: Findings): string[] {
  const others = processes.others.map(({ name }) => name);
  const all = others.length === 0 && settings.celeryApp !== undefined ? ["Celery"] : others;
  const does =
    start.entrypoint?.serves === true
      ? "serves the project whatever its command is"
      : "runs no command that it is given";
  return all.length === 0
    ? []
    : [`The image's ENTRYPOINT (${image?.entrypoint ?? ""}) ${does}, so these cannot run from it: ${all.join(", ")}`];
}
