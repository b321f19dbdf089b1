import { baseName, commandsIn } from "../processes/commandWords";
import type { Found } from "../findings";
import { readSmallFile } from "../readSmallFile";
import type { ImageFacts } from "./imageFacts";
import { sourcesOf } from "./sourceOf";

/** Where the config files of servers name the port: `bind = "0.0.0.0:8080"`, `http-socket = :8080`. */
const lines: Record<string, RegExp> = {
  gunicorn: /^bind\s*=\s*\[?\s*["'][^"']*?:(\d{1,5})["']/,
  uwsgi: /^\s*(?:http|http-socket|http11-socket)\s*[=:]\s*(?:\S*:)?(\d{1,5})\s*$/,
};

/** Port that the config file of a command line's server names as a number; undefined for none. */
export function portInConfig(
  project: string,
  line: string,
  facts: Pick<ImageFacts, "copied" | "config"> | undefined,
): Found<number> | undefined {
  for (const words of commandsIn(line)) {
    const at = words.map(baseName).findIndex((word) => lines[word] !== undefined);
    const server = baseName(words[at] ?? "");
    for (const file of configFiles(server, words.slice(at + 1)).flatMap((each) => sourcesOf(each, facts))) {
      const found = portInFile(project, file, lines[server]);
      if (found !== undefined) {
        return found;
      }
    }
  }
  return undefined;
}

/** A socket for nginx in a file of uWSGI's, and what makes it speak HTTP, there or on a socket beside it. */
const ownProtocol = /^\s*(?:socket|uwsgi-socket)\s*[=:]\s*\S/;
const anyHttp = /^\s*(?:(?:http|https)[\w-]*|protocol)\s*[=:]/m;

/** Where the config file of a command line's uWSGI has a socket on which it speaks its own protocol alone; undefined for none. */
export function ownSocketInConfig(
  project: string,
  line: string,
  facts: Pick<ImageFacts, "copied" | "config"> | undefined,
): string | undefined {
  const words = commandsIn(line).find((each) => each.some((word) => baseName(word) === "uwsgi")) ?? [];
  if (words.some((word) => /^--(http|https|protocol)/.test(word))) {
    return undefined;
  }
  for (const file of configFiles("uwsgi", words).flatMap((each) => sourcesOf(each, facts))) {
    const text = readSmallFile(project, file) ?? "";
    const index = text.split(/\r?\n/).findIndex((each) => ownProtocol.test(each));
    if (index !== -1 && !anyHttp.test(text)) {
      return `${file}:${index + 1}`;
    }
  }
  return undefined;
}

/** The files that a server's words name; gunicorn reads one of its own accord. */
function configFiles(server: string, words: readonly string[]): string[] {
  if (server === "uwsgi") {
    return words.map((word) => word.replace(/^--\w+=/, "")).filter((word) => /\.(ini|ya?ml)$/.test(word));
  }
  const named = words.flatMap((word, index) => {
    const [, attached] = /^(?:--config=|-c(?=.))(.+)$/.exec(word) ?? [];
    return attached ?? (word === "-c" || word === "--config" ? (words[index + 1] ?? []) : []);
  });
  return (named.length > 0 ? named : server === "gunicorn" ? ["gunicorn.conf.py"] : []).map((name) =>
    name.startsWith("python:") ? `${name.slice("python:".length).replaceAll(".", "/")}.py` : name.replace(/^file:/, ""),
  );
}

function portInFile(project: string, file: string, pattern: RegExp | undefined): Found<number> | undefined {
  for (const [index, line] of (readSmallFile(project, file) ?? "").split(/\r?\n/).entries()) {
    const [, port] = pattern?.exec(line) ?? [];
    if (port !== undefined) {
      return { value: Number(port), where: `${file}:${index + 1}` };
    }
  }
  return undefined;
}
