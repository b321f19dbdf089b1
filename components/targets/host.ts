import fs from "node:fs";
import os from "node:os";

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
  // `npm run up` sets it once the program is loaded.
  get environment() {
    return process.env;
  },
  home: os.homedir(),
  platform: process.platform,
  exists: fs.existsSync,
};
