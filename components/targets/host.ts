import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { type CommandRunner, runCommand } from "./commandRunner";
import { type Endpoints, endpoints } from "./endpoints";

/** The machine the program runs on, as far as a target needs to know it. */
export interface Host {
  run: CommandRunner;
  endpoints: Endpoints;
  environment: NodeJS.ProcessEnv;
  home: string;
  platform: NodeJS.Platform;
  exists: (file: string) => boolean;
}

export const thisHost: Host = {
  run: runCommand,
  endpoints,
  environment: process.env,
  home: os.homedir(),
  platform: process.platform,
  exists: fs.existsSync,
};

/** The Docker daemon of this machine: Docker Desktop's, or the engine's own. */
export function localSocket(host: Host): string {
  if (host.platform === "win32") {
    return "npipe:////./pipe/dockerDesktopLinuxEngine";
  }
  const onLinux = path.join(host.home, ".docker", "desktop", "docker.sock");
  const onMac = path.join(host.home, ".docker", "run", "docker.sock");
  // Docker Desktop up to 4.12 on macOS has the last one, and later versions on request.
  const found = [onLinux, onMac, "/var/run/docker.sock"].find(host.exists);
  return `unix://${found ?? (host.platform === "darwin" ? onMac : onLinux)}`;
}
