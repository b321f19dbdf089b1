import fs from "node:fs";
import path from "node:path";

import { parse, stringify } from "yaml";

import { Problem } from "../../components/problem";
import type { PlainConfig } from "../../components/config/reader";
import { localFolder } from "./backend";

/** Name of the Pulumi project. */
export const project = "kubernetes-django";

type Config = Record<string, unknown>;
interface ProjectFile {
  config: Record<string, { default?: unknown }>;
}
interface StackFile {
  config?: Config | null;
  encryptionsalt?: string;
  [key: string]: unknown;
}

const readYaml = (file: string): StackFile => (parse(fs.readFileSync(file, "utf8")) ?? {}) as StackFile;

/** A plain value in a stack's file in the checkout. Throws a `Problem` when there is no such file. */
export function configured(stack: string, key: string): string | undefined {
  const file = `Pulumi.${stack}.yaml`;
  if (!fs.existsSync(file)) {
    const known = fs.readdirSync(".").flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? []);
    throw new Problem(
      `There is no stack "${stack}" (${file} is missing): there are ${known.join(", ")}; run \`npm run up\`, which chooses one for this machine.`,
    );
  }
  const value = readYaml(file).config?.[`${project}:${key}`];
  return typeof value === "string" ? value : undefined;
}

/** Whether a stack's file in the checkout has a value for a key, be it encrypted. */
export function isConfigured(stack: string, key: string): boolean {
  return readYaml(`Pulumi.${stack}.yaml`).config?.[`${project}:${key}`] !== undefined;
}

/** A stack's config value, or the default that Pulumi.yaml has for it. */
export function configuredOrDefault(stack: string, key: string): string {
  return configured(stack, key) ?? (defaults()(key) as string | undefined) ?? "";
}

/** Reads the defaults in Pulumi.yaml; undefined for a key without one. */
function defaults(): (key: string) => unknown {
  const { config } = parse(fs.readFileSync("Pulumi.yaml", "utf8")) as ProjectFile;
  return (key) => config[key]?.default;
}

/** A stack's config as `pulumi.Config` would read its plain values, those by default among them. */
export function configReader(configFile: string): PlainConfig {
  // A file may have the key and nothing under it.
  const own = readYaml(configFile).config ?? {};
  const defaultOf = defaults();
  const get = (key: string): string | undefined => {
    const value = own[`${project}:${key}`] ?? defaultOf(key);
    return value === undefined || typeof value === "string" ? value : JSON.stringify(value);
  };
  return { get, getObject: (key) => JSON.parse(get(key) ?? "null") as unknown };
}

/** Whether a stack's file in the checkout holds what a passphrase encrypted. */
export function isEncrypted(stack: string): boolean {
  return readYaml(`Pulumi.${stack}.yaml`).encryptionsalt !== undefined;
}

/**
 * Writes the stack's config as `npm run` uses it and returns the file.
 *
 * It is the stack's file in the checkout plus `overrides`; kept apart from it because Pulumi would write the
 * passphrase's salt into that file, and every checkout has a passphrase of its own.
 */
export function writeStackConfig(stack: string, overrides: Config, folder = localFolder): string {
  const own = readYaml(`Pulumi.${stack}.yaml`);
  const file = path.join(folder, `Pulumi.${stack}.yaml`);
  const earlier = fs.existsSync(file) ? readYaml(file) : {};
  const salt = own.encryptionsalt ?? earlier.encryptionsalt;
  const merged: StackFile = {
    ...own,
    config: {
      ...own.config,
      ...Object.fromEntries(Object.entries(overrides).map(([key, value]) => [`${project}:${key}`, value])),
    },
    ...(salt === undefined ? {} : { encryptionsalt: salt }),
  };
  fs.mkdirSync(folder, { recursive: true });
  fs.copyFileSync("Pulumi.yaml", path.join(folder, "Pulumi.yaml"));
  fs.writeFileSync(file, stringify(merged), { mode: 0o600 });
  return file;
}
