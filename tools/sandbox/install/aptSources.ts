import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** Where Debian's packages come from when the machine's own sources do not have them. */
const defaultMirror = "http://deb.debian.org/debian";

/**
 * The first of the machine's own mirrors that has every release, otherwise Debian's.
 *
 * @param uris addresses from the machine's sources, in their order; many are not of Debian's packages
 */
export async function chooseMirror(
  releases: readonly string[],
  uris: readonly string[] = systemUris(),
  isThere: (url: string) => Promise<boolean> = answers,
): Promise<string> {
  for (const uri of uris) {
    const found = await Promise.all(releases.map((release) => isThere(`${uri}/dists/${release}/InRelease`)));
    if (found.every(Boolean)) return uri;
  }
  return defaultMirror;
}

/**
 * The HTTP addresses of binary packages that an apt sources file names, in either of apt's two formats.
 *
 * @see https://manpages.debian.org/sources.list
 */
export function debUris(text: string): string[] {
  const uris = /^types:/im.test(text) ? stanzas(text).flatMap(stanzaUris) : text.split("\n").flatMap(lineUris);
  return uris.filter((uri) => /^https?:/.test(uri)).map((uri) => uri.replace(/\/+$/, ""));
}

function lineUris(line: string): string[] {
  const uri = /^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)/.exec(line)?.[1];
  return uri === undefined ? [] : [uri];
}

function stanzas(text: string): Map<string, string>[] {
  const withoutComments = text
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .join("\n");
  return withoutComments.split(/\n\s*\n/).map((stanza) => {
    // A line that begins with a space continues the one before it.
    const lines = stanza.replace(/\n\s+/g, " ").split("\n");
    return new Map(lines.map((line) => [fieldName(line), line.slice(line.indexOf(":") + 1).trim()]));
  });
}

function fieldName(line: string): string {
  return line.slice(0, Math.max(0, line.indexOf(":"))).toLowerCase();
}

function stanzaUris(stanza: Map<string, string>): string[] {
  const words = (field: string): string[] => (stanza.get(field) ?? "").split(/\s+/).filter(Boolean);
  const isOff = /^(no|false|off|disable|0)$/i.test(stanza.get("enabled") ?? "yes");
  return isOff || !words("types").includes("deb") ? [] : words("uris");
}

function systemUris(): string[] {
  const parts = "/etc/apt/sources.list.d";
  const names = existsSync(parts) ? readdirSync(parts).filter((name) => /\.(list|sources)$/.test(name)) : [];
  const files = ["/etc/apt/sources.list", ...names.sort().map((name) => path.join(parts, name))];
  const texts = files.filter((file) => existsSync(file)).map((file) => readFileSync(file, "utf8"));
  return [...new Set(texts.flatMap(debUris))];
}

async function answers(url: string): Promise<boolean> {
  const request = fetch(url, { method: "HEAD", signal: AbortSignal.timeout(5_000) });
  return await request.then(
    (response) => response.ok,
    () => false,
  );
}
