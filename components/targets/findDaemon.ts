import fs from "node:fs";
import path from "node:path";

import { cliDaemon, defaultSocket } from "./dockerCli";
import { type DaemonAddress, type DaemonFacts, readTls } from "./endpoints";
import type { Host } from "./host";
import { reasonOf } from "./reason";

/** A daemon that is not used, and why. */
export interface PassedOver {
  host: string;
  reason: string;
}

/** The Docker daemon that builds the image, as far as it was looked for. */
export interface FoundDaemon {
  daemon: DaemonAddress;
  /** What it says about itself, where it was asked. */
  facts?: DaemonFacts;
  /** What names it, and the command after which nothing does, where something does. */
  named?: { by: string; undo: string };
  /** Those that were asked before, or all of them where none can be used. */
  passedOver: PassedOver[];
}

/** Why a daemon is passed over whose socket does not exist. */
export const notThere = "not there";

/** The daemon that the docker CLI uses; where nothing names one, the first that answers of those that are common. */
export async function findDaemon(host: Host): Promise<FoundDaemon> {
  const { address, named } = cliDaemon(host);
  return named === undefined
    ? await firstThatAnswers(commonSockets(host), host)
    : { daemon: address, named, passedOver: [] };
}

/**
 * Docker Desktop's daemon, whatever daemon the docker CLI uses: its cluster runs the images of no other.
 *
 * It has a socket of its own, and in WSL the system's.
 */
export async function findDesktopDaemon(host: Host): Promise<FoundDaemon> {
  const own = await firstThatAnswers(desktopSockets(host), host);
  if (own.facts !== undefined) {
    return own;
  }
  const others = [cliDaemon(host).address, { host: defaultSocket(host.platform) }];
  const tried = new Set(own.passedOver.map((each) => leadsTo(each.host)));
  const left = others.filter(({ host: each }) => !tried.has(leadsTo(each)));
  const other = await firstThatAnswers(left, host, ({ system }) =>
    system === desktopSystem ? undefined : `not Docker Desktop's but of ${system}`,
  );
  const passedOver = [...own.passedOver, ...other.passedOver];
  return other.facts === undefined ? { ...own, passedOver } : { ...other, passedOver };
}

/** How Docker Desktop's daemon names its operating system. */
const desktopSystem = "Docker Desktop";

function desktopSockets({ home, platform }: Host): DaemonAddress[] {
  if (platform === "win32") {
    return [{ host: "npipe:////./pipe/dockerDesktopLinuxEngine" }];
  }
  const onLinux = path.join(home, ".docker", "desktop", "docker.sock");
  const onMac = path.join(home, ".docker", "run", "docker.sock");
  // Docker Desktop up to 4.12 on macOS has the system's socket, and later versions on request.
  return (platform === "darwin" ? [onMac, "/var/run/docker.sock"] : [onLinux, onMac]).map(atSocket);
}

/** Where the daemons listen that are common on a developer's machine, the system's own first. */
function commonSockets(host: Host): DaemonAddress[] {
  const { environment, home, platform } = host;
  const own = { host: defaultSocket(platform) };
  if (platform === "win32") {
    return [own, ...desktopSockets(host)];
  }
  const runtime = environment["XDG_RUNTIME_DIR"];
  const rootless = runtime ? [path.join(runtime, "docker.sock")] : [];
  const colima = [
    environment["COLIMA_HOME"] || path.join(home, ".colima"),
    path.join(environment["XDG_CONFIG_HOME"] || path.join(home, ".config"), "colima"),
  ].map((folder) => path.join(folder, "default", "docker.sock"));
  const others = [path.join(home, ".orbstack", "run", "docker.sock"), path.join(home, ".rd", "docker.sock")];
  return [own, ...rootless.map(atSocket), ...desktopSockets(host), ...[...colima, ...others].map(atSocket)];
}

const atSocket = (file: string): DaemonAddress => ({ host: `unix://${file}` });

/**
 * Asks daemons at once and takes the first in order that answers.
 *
 * @param refusal why one cannot be used although it answers. @default every one can
 */
async function firstThatAnswers(
  addresses: DaemonAddress[],
  host: Host,
  refusal: (facts: DaemonFacts) => string | undefined = () => undefined,
): Promise<FoundDaemon> {
  const different = addresses.filter(
    (each, index) => addresses.findIndex((other) => leadsTo(other.host) === leadsTo(each.host)) === index,
  );
  const asked = different.map((daemon) => ({ daemon, answer: ask(daemon, host) }));
  const passedOver: PassedOver[] = [];
  for (const { daemon, answer } of asked) {
    const facts = await answer;
    const reason = typeof facts === "string" ? facts : refusal(facts);
    if (typeof facts !== "string" && reason === undefined) {
      return { daemon, facts, passedOver };
    }
    passedOver.push({ host: daemon.host, reason: reason ?? "" });
  }
  const [first = { host: defaultSocket(host.platform) }] = different;
  return { daemon: first, passedOver };
}

/** What a daemon says about itself, or why it does not. */
async function ask(daemon: DaemonAddress, { endpoints, exists, platform }: Host): Promise<DaemonFacts | string> {
  const file = fileOf(daemon.host);
  if (file !== undefined && platform !== "win32" && !exists(file)) {
    return notThere;
  }
  try {
    return await endpoints.daemon(daemon, readTls(daemon));
  } catch (error) {
    return reasonOf(error);
  }
}

function fileOf(host: string): string | undefined {
  return /^unix:\/\/(.*)$/.exec(host)?.[1];
}

/** Where an address leads: several links lead to one socket. */
export function leadsTo(host: string): string {
  const file = fileOf(host);
  if (file === undefined) {
    return host;
  }
  try {
    return fs.realpathSync(file);
  } catch {
    return file;
  }
}
