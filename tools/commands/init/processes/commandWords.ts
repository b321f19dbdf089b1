import { quote } from "shell-quote";

import { commandsOf, tokens } from "../../../../components/image/places/shellCommands";

/** Programs that serve a Django project over HTTP. */
export const servers = [
  "gunicorn",
  "uwsgi",
  "daphne",
  "uvicorn",
  "hypercorn",
  "granian",
  "waitress-serve",
  "runserver",
  "runserver_plus",
];

/** The commands of a command line, each as its words: those after `&&`, `;`, `|`, and those given to `sh -c`. */
export function commandsIn(line: string): string[][] {
  return commandsOf(tokens(line, (name) => `\${${name}}`)).flatMap((words) => {
    const at = words.findIndex(
      (word, index) => /^-[a-z]*c$/.test(word) && /(^|\/)(ba|da|z)?sh$/.test(words[index - 1] ?? ""),
    );
    const inner = at === -1 ? undefined : words[at + 1];
    return inner === undefined ? [words] : inner.split("\n").flatMap(commandsIn);
  });
}

/** A list of words as one command line. */
export function commandLineOf(words: readonly string[]): string {
  // A variable is replaced where the line runs; quotes would keep it.
  return words.map((word) => (/^[\w@%+=:,./$\-{}]+$/.test(word) ? word : quote([word]))).join(" ");
}

export const baseName = (word: string): string => word.split("/").at(-1) ?? word;

/** The program of a command, without its folder and what starts it: `exec`, `env A=1`. */
export const programOf = (words: readonly string[]): string =>
  baseName(words.find((word) => !/^(exec|env|\w+=.*)$/s.test(word)) ?? "");

/** What a shell has before a command. */
const keyword = /^(if|elif|then|else|while|until|do|!)$/;
/** What asks or tells of a program, or installs it, and does not run it. */
const asking = /^(case|\[\[?|test|echo|printf|which|type|pip3?)$/;

/** A pattern of `case`, such as `gunicorn)`. */
const pattern = /^\s*[\w"'|*. -]+\)/;

/** The commands of a command line that run programs. */
const runIn = (line: string): string[][] => commandsIn(line.replace(pattern, "")).filter((words) => !asks(words));

function asks(words: readonly string[]): boolean {
  const [first = "", second = ""] = words.filter((word) => !keyword.test(word));
  return asking.test(baseName(first)) || (first === "command" && /^-[vV]$/.test(second));
}

/** Which server a command line starts; undefined for none. */
export function serverOf(line: string): string | undefined {
  return runIn(line)
    .flat()
    .map(baseName)
    .find((word) => servers.includes(word));
}

/** Whether a command line creates the tables. */
export function migrates(line: string): boolean {
  return commandsIn(line).some((words) => words.includes("migrate") || words.includes("migrate_schemas"));
}

/**
 * Port that a command line's server listens on.
 *
 * @returns undefined where it says none as a number: `--bind 0.0.0.0:$PORT`
 */
export function portIn(line: string): number | undefined {
  for (const words of runIn(speakingHttp(line))) {
    const at = words.map(baseName).findIndex((word) => servers.includes(word));
    if (at !== -1) {
      return listeningPort(baseName(words[at] ?? ""), words.slice(at + 1));
    }
  }
  return undefined;
}

/** Options that name a port, or an address that ends in one. */
const portOptions = ["--bind", "-b", "--port", "-p", "--listen", "--http", "--http-socket", "--http11-socket"];
/** Ports that servers take when nothing names one and `PORT` is not theirs to read. */
const standardPorts: Record<string, number> = { runserver: 8000, runserver_plus: 8000, daphne: 8000, uvicorn: 8000 };

function listeningPort(server: string, words: string[]): number | undefined {
  if (server.startsWith("runserver")) {
    const address = addressOf(words) ?? "";
    return address === "" ? standardPorts[server] : portAtEnd(address);
  }
  const ports: (number | undefined)[] = [];
  for (const [index, word] of words.entries()) {
    const [, long, afterEquals] = /^(--[^=]+)=(.*)$/s.exec(word) ?? [];
    const [, short, attached] = /^(-[bp])(.+)$/s.exec(word) ?? [];
    const option = long ?? short ?? word;
    const value = afterEquals ?? attached ?? words[index + 1] ?? "";
    // daphne's -b is a host alone.
    if (portOptions.includes(option) && /[:$]|^[0-9]+$/.test(value)) {
      ports.push(portAtEnd(value));
    }
  }
  // One may also listen on a socket, beside its port.
  return ports.length > 0 ? ports.find((port) => port !== undefined) : standardPorts[server];
}

/** Options of `runserver` and `runserver_plus` that the next word belongs to. */
const withValue =
  /^(-v|--verbosity|--settings|--pythonpath|--cert|--cert-file|--key-file|--reloader-(type|interval)|--extra-file)$/;

/** The address and port that are given to Django's development server; undefined for none. */
const addressOf = (words: readonly string[]): string | undefined =>
  words.find((word, at) => !word.startsWith("-") && !withValue.test(words[at - 1] ?? ""));

function portAtEnd(address: string): number | undefined {
  const [, digits] = /(?:^|:)([0-9]{1,5})$/.exec(address) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** A command line whose uWSGI speaks HTTP, where it would speak the protocol of its own that nginx has. */
export function speakingHttp(line: string): string {
  const isOther = serverOf(line) !== "uwsgi" || /--(http|https|http11|protocol|fastcgi)\b/.test(line);
  return isOther ? line : line.replace(/(?<=\s)(?:--socket|-s)(?=[= ]\S*:\d)/, "--http-socket");
}

/** A command line whose server answers HTTP from outside its container. */
export const reachable = (line: string): string => listeningOutside(speakingHttp(line));

/**
 * A command line whose development server listens on all addresses: on 127.0.0.1, which is its default, nothing reaches
 * it from outside the container.
 */
function listeningOutside(line: string): string {
  for (const words of commandsIn(line)) {
    const at = words.findIndex((word) => word.startsWith("runserver"));
    if (at === -1) {
      continue;
    }
    const server = words[at] ?? "";
    const found = addressOf(words.slice(at + 1));
    const address = found !== undefined && /[0-9]/.test(found) ? found : undefined;
    const [, port] = /^(?:(?:127\.0\.0\.1|localhost):)?([0-9]+)$/.exec(address ?? "8000") ?? [];
    if (port === undefined) {
      return line;
    }
    const outside = `0.0.0.0:${port}`;
    return address === undefined ? line.replace(server, `${server} ${outside}`) : line.replace(address, outside);
  }
  return line;
}
