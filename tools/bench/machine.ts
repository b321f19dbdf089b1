import os from "node:os";

import type { Commands } from "./commands";

/** What the figures depend on besides the code. */
export interface Machine {
  cores: number;
  processor: string;
  memoryGib: number;
  system: string;
  /** Load average over the minute before the first round. As many as cores means that all are busy. */
  loadBefore: number;
  loadAfter?: number;
  versions: Record<string, string>;
}

const version = (text: string): string => /\d+\.\d+(\.\d+)?/.exec(text)?.[0] ?? (text.trim() || "unknown");

/** Asks the machine and the tools that the measured commands use. */
export async function describeMachine(commands: Commands): Promise<Machine> {
  const [pulumi, docker, kubernetes, skaffold] = await Promise.all([
    commands.run("pulumi", "version"),
    commands.run("docker", "version", "--format", "{{.Server.Version}}"),
    commands.run("kubectl", "--context", "docker-desktop", "get", "--raw", "/version"),
    // Optional.
    commands.run("skaffold", "version").catch(() => undefined),
  ]);
  return machineWith({
    pulumi: version(pulumi),
    docker: version(docker),
    kubernetes: version((JSON.parse(kubernetes) as { gitVersion: string }).gitVersion),
    ...(skaffold === undefined ? {} : { skaffold: version(skaffold) }),
  });
}

/** This machine, with Node.js and the tools that are measured. */
export function machineWith(versions: Record<string, string>): Machine {
  return {
    cores: os.cpus().length,
    processor: os.cpus()[0]?.model ?? "unknown",
    memoryGib: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()} ${os.machine()}`,
    loadBefore: currentLoad(),
    versions: { node: process.versions.node, ...versions },
  };
}

export function currentLoad(): number {
  return Math.round((os.loadavg()[0] ?? 0) * 100) / 100;
}
