import { portOf, usualPort } from "../../../../components/image/imageConfig";
import { reachable, speakingHttp } from "../processes/commandWords";
import { isOfPlatform } from "../processes/platforms/readPlatforms";
import { type Decision, emptyDecision, type Findings } from "./decision";
import { fromRoot, managePath } from "./release";

/** Servers that a project may depend on, in the order in which they are taken. */
const wsgiServers = ["gunicorn", "granian", "waitress"];
const asgiServers = ["uvicorn", "daphne", "hypercorn", "granian"];

/**
 * What the container runs and where it listens: keys are set where the image does not say so itself. A Dockerfile that
 * init writes says both.
 */
export function decideCommand(findings: Findings): Decision {
  const decision = emptyDecision();
  const { image, start, processes } = findings;
  if (image === undefined) {
    decision.settings.push(...ofPlatform(findings));
    return decision;
  }
  const own = commandOfImage(findings);
  const where = image.dockerfile;
  if (own === undefined) {
    decision.settings.push({ key: "command", ...namedCommand(findings) });
  } else if (image.command !== undefined && reachable(own) !== own) {
    decision.settings.push({ key: "command", value: reachable(own), where });
  }
  decision.notes.push(...notesOnUwsgi(findings));
  const exposed = image.config.ports.length === 1 ? image.config.ports[0] : undefined;
  const listening = own === undefined ? start.process?.port : (start.image?.port ?? start.entrypoint?.port);
  const byExpose = exposed === undefined || own === undefined ? undefined : { value: exposed, where };
  const port = listening ?? byExpose ?? processes.port;
  if (port !== undefined && port.value !== portOf(image.config)) {
    decision.settings.push({ key: "port", value: String(port.value), where: port.where });
  }
  const [first, ...others] = image.config.ports;
  if (port === undefined && first !== undefined && others.length > 0 && !image.config.ports.includes(usualPort)) {
    decision.missing.push({ key: "port", where, value: String(first), isSecret: false });
  }
  return decision;
}

/** An ENTRYPOINT, a script or a file of uWSGI's that starts it for the nginx of compose, which a stack has no place for. */
function notesOnUwsgi({ start, image }: Findings): string[] {
  const command = image?.command === undefined ? start.process : start.image;
  // The key for the command has it speak HTTP.
  const [, ...scripts] = command?.lines ?? [];
  const line = [...(start.entrypoint?.lines ?? []), ...scripts].find(({ text }) => speakingHttp(text) !== text);
  const ownSocket = start.entrypoint?.ownSocket ?? command?.ownSocket;
  const told = (where: string, instead: string): string =>
    `uWSGI speaks its own protocol (${where}), which only nginx understands, and a stack runs none: let it have ${instead}`;
  return [
    ...(line === undefined ? [] : [told(line.where, "--http-socket in place of --socket")]),
    ...(ownSocket === undefined ? [] : [told(ownSocket, "http-socket in place of socket")]),
  ];
}

/** What an image runs of its own accord; undefined where it has to be given a command. */
export function commandOfImage(findings: Findings): string | undefined {
  const { image } = findings;
  return image?.command ?? (runsByItself(findings) ? image?.entrypoint : undefined);
}

/** Whether an ENTRYPOINT serves the project, or is a program that no file of the project gives a command. */
function runsByItself({ start: { entrypoint }, processes }: Findings): boolean {
  return entrypoint?.serves === true || (entrypoint?.passesOn === false && processes.web?.command === undefined);
}

/** A hosting platform's command, which is for servers, unless only the Dockerfile that is written serves static files. */
function ofPlatform(findings: Findings): Decision["settings"] {
  const {
    settings,
    processes: { web, port },
  } = findings;
  if (settings.servesStaticFiles === undefined || web?.command === undefined || !isOfPlatform(web.where)) {
    return [];
  }
  const { where } = web;
  return [
    { key: "command", value: fromRoot(reachable(web.command), where, findings), where },
    ...(port === undefined || port.value === usualPort ? [] : [{ key: "port", value: String(port.value), where }]),
  ];
}

/** The command of compose or of a hosting platform, else a server that the project depends on, else the development server. */
function namedCommand(findings: Findings): { value: string; where: string } {
  const { web } = findings.processes;
  if (web?.command !== undefined) {
    return { value: fromRoot(reachable(web.command), web.where, findings), where: web.where };
  }
  const { settings, dependencies, image } = findings;
  const file = dependencies.files[0] ?? "the dependencies";
  const has = (name: string): boolean => dependencies.packages.has(name);
  const manage = managePath(findings);
  const folder = manage.includes("/") ? settings.manageFolder : undefined;
  const isAsync = settings.needsAsgi !== undefined || settings.wsgi === undefined;
  const asgi = settings.asgi === undefined ? undefined : asgiServers.find(has);
  const wsgi = settings.wsgi === undefined || isAsync ? undefined : wsgiServers.find(has);
  if (wsgi !== undefined && settings.wsgi !== undefined) {
    return { value: wsgiCommand(wsgi, settings.wsgi.value, folder), where: file };
  }
  if (asgi !== undefined && settings.asgi !== undefined) {
    return { value: asgiCommand(asgi, settings.asgi.value, folder), where: file };
  }
  return { value: `python ${manage} runserver 0.0.0.0:8000`, where: image?.dockerfile ?? "" };
}

function wsgiCommand(server: string, application: string, folder: string | undefined): string {
  switch (server) {
    case "granian":
      return `granian --interface wsgi --host 0.0.0.0 --port 8000${at("--working-dir", folder)} ${application}`;
    case "waitress":
      return `waitress-serve --listen 0.0.0.0:8000 ${application}`;
    default:
      return `gunicorn ${application} --bind 0.0.0.0:8000${at("--chdir", folder)}`;
  }
}

function asgiCommand(server: string, application: string, folder: string | undefined): string {
  switch (server) {
    case "daphne":
      return `daphne -b 0.0.0.0 -p 8000 ${application}`;
    case "hypercorn":
      return `hypercorn --bind 0.0.0.0:8000 ${application}`;
    case "granian":
      return `granian --interface asgi --host 0.0.0.0 --port 8000${at("--working-dir", folder)} ${application}`;
    default:
      return `uvicorn ${application} --host 0.0.0.0 --port 8000${at("--app-dir", folder)}`;
  }
}

const at = (option: string, folder: string | undefined): string => (folder === undefined ? "" : ` ${option} ${folder}`);
