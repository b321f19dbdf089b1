import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

import { Problem } from "../problem";
import type { DaemonAddress } from "./endpoints";
import type { Host } from "./host";

/** The Docker daemon that the docker CLI of this shell uses. */
export interface CliDaemon {
  address: DaemonAddress;
  /** What names it, and the command after which nothing does; absent where the CLI takes the system's own socket. */
  named?: { by: string; undo: string };
}

const defaultContext = "default";

/** Variables that turn TLS on for every daemon of the shell. */
export const tlsVariables = ["DOCKER_TLS_VERIFY", "DOCKER_TLS", "DOCKER_CERT_PATH"] as const;

/** The socket on which the system's own daemon listens. */
export const defaultSocket = (platform: NodeJS.Platform): string =>
  platform === "win32" ? "npipe:////./pipe/docker_engine" : "unix:///var/run/docker.sock";

/**
 * Finds the daemon as the docker CLI does, without running it: DOCKER_HOST, DOCKER_CONTEXT, `docker context use`, the
 * system's own socket.
 *
 * @throws a `Problem` where the CLI would find none
 */
export function cliDaemon({ environment, home, platform }: Host): CliDaemon {
  const folder = environment["DOCKER_CONFIG"] || path.join(home, ".docker");
  const dockerHost = environment["DOCKER_HOST"];
  if (dockerHost) {
    const address = daemonAt(dockerHost.trim(), environment, folder, platform);
    return { address, named: { by: "DOCKER_HOST", undo: "unset DOCKER_HOST" } };
  }
  const variable = environment["DOCKER_CONTEXT"];
  const context = variable || currentContext(folder);
  if (context === undefined || context === defaultContext) {
    return { address: { host: defaultSocket(platform) } };
  }
  const undo = variable ? "unset DOCKER_CONTEXT" : `docker context use ${defaultContext}`;
  const host = readContext(folder, context, variable ? "DOCKER_CONTEXT" : path.join(folder, "config.json"), undo);
  const certPath = path.join(folder, "contexts", "tls", digestOf(context), "docker");
  return {
    address: { host: host || defaultSocket(platform), ...(fs.existsSync(certPath) ? { certPath } : {}) },
    named: { by: `the Docker context "${context}"`, undo },
  };
}

/** A daemon's address as the CLI reads it: one without a scheme is a host with a port. */
function daemonAt(
  value: string,
  environment: NodeJS.ProcessEnv,
  folder: string,
  platform: NodeJS.Platform,
): DaemonAddress {
  if (/^(unix|npipe|ssh):\/\/./.test(value)) {
    return { host: value };
  }
  if (value === "" || value === "unix://" || value === "npipe://") {
    return { host: defaultSocket(platform) };
  }
  const tls = environment["DOCKER_TLS_VERIFY"] || environment["DOCKER_TLS"];
  const [, name, port = tls ? "2376" : "2375"] =
    /^(?:tcp:\/\/)?([a-z0-9_.-]*|\[[0-9a-f:.]+\])(?::([0-9]+))?\/?$/i.exec(value) ?? [];
  if (name === undefined) {
    throw new Problem(
      `DOCKER_HOST is "${value}": allowed is a URL, such as unix:///var/run/docker.sock, tcp://HOST:2376 or ssh://USER@HOST`,
      value.startsWith("/") ? `run \`export DOCKER_HOST=unix://${value}\`` : "run `unset DOCKER_HOST`",
    );
  }
  const host = `tcp://${name || "localhost"}:${port}`;
  return tls ? { host, certPath: certificatesIn(environment["DOCKER_CERT_PATH"] || folder, environment) } : { host };
}

function certificatesIn(folder: string, environment: NodeJS.ProcessEnv): string {
  const file = path.join(folder, "ca.pem");
  try {
    fs.accessSync(file, fs.constants.R_OK);
    return folder;
  } catch {
    const set = tlsVariables.filter((name) => environment[name]).join(" ");
    throw new Problem(
      `This shell asks for TLS with the Docker daemon (${set}), and ${file} cannot be read`,
      `run \`unset ${set}\`, or set DOCKER_CERT_PATH to the folder of the daemon's certificates`,
    );
  }
}

/** Undefined where none was chosen, or where the file cannot be read: the CLI goes on with the default as well. */
function currentContext(folder: string): string | undefined {
  try {
    const config = JSON.parse(fs.readFileSync(path.join(folder, "config.json"), "utf8")) as { currentContext?: string };
    return config.currentContext || undefined;
  } catch {
    return undefined;
  }
}

const digestOf = (context: string): string => createHash("sha256").update(context).digest("hex");

interface ContextMetadata {
  Name?: string;
  Endpoints?: { docker?: { Host?: string } };
}

function readContext(folder: string, context: string, namedIn: string, undo: string): string | undefined {
  const contexts = path.join(folder, "contexts", "meta");
  const metadata = readMetadata(contexts, digestOf(context));
  if (metadata === undefined) {
    const names = [defaultContext, ...contextNames(contexts)];
    throw new Problem(
      `${namedIn} names the Docker context "${context}", which does not exist: there are ${names.join(", ")}`,
      `run \`${undo}\``,
    );
  }
  return metadata.Endpoints?.docker?.Host;
}

function contextNames(contexts: string): string[] {
  const folders = fs.existsSync(contexts) ? fs.readdirSync(contexts) : [];
  return folders.flatMap((each) => readMetadata(contexts, each)?.Name ?? []).sort();
}

function readMetadata(contexts: string, digest: string): ContextMetadata | undefined {
  try {
    return JSON.parse(fs.readFileSync(path.join(contexts, digest, "meta.json"), "utf8")) as ContextMetadata;
  } catch {
    return undefined;
  }
}
