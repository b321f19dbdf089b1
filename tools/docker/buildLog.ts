import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { cliPluginFolders } from "../sandbox/install/engineCatalogue";
import { processFolder, removeAbandoned } from "../sandbox/install/folders";

/**
 * Reads what buildx prints while Pulumi's docker-build plugin runs it.
 *
 * The plugin buffers buildx's standard error, where all of a build's output is, and drops it: a failed build says "exit
 * status 1". It shows standard output as progress. So it is given a Docker configuration whose buildx is a script, which
 * copies the one to the other and to a file. All else of the configuration is the user's.
 */
export class BuildLog {
  /** What the Pulumi CLI is run with. */
  readonly environment: NodeJS.ProcessEnv;
  private readonly file: string | undefined;

  /** @param environment of the Pulumi CLI; it stays as it is where no script can take buildx's place */
  constructor(environment: NodeJS.ProcessEnv, makeFolder = ownFolder, systemFolders = cliPluginFolders) {
    const original = environment["DOCKER_CONFIG"] || path.join(environment["HOME"] ?? os.homedir(), ".docker");
    const config = readConfig(path.join(original, "config.json"));
    const folders = [...(config.cliPluginsExtraDirs ?? []), path.join(original, "cli-plugins"), ...systemFolders];
    const buildx = folders.map((folder) => path.join(folder, "docker-buildx")).find(fs.existsSync);
    // A plugin on Windows has to be an executable.
    if (buildx === undefined || process.platform === "win32") {
      this.environment = environment;
      return;
    }
    const own = makeFolder();
    const [plugins, changed] = [path.join(own, "cli-plugins"), path.join(own, "config")];
    fs.rmSync(own, { recursive: true, force: true });
    fs.mkdirSync(own, { mode: 0o700 });
    for (const each of [plugins, changed]) {
      fs.mkdirSync(each);
    }
    linkAll(original, changed);
    const changedConfig = { ...config, cliPluginsExtraDirs: [plugins, ...(config.cliPluginsExtraDirs ?? [])] };
    fs.writeFileSync(path.join(changed, "config.json"), JSON.stringify(changedConfig), { mode: 0o600 });
    fs.writeFileSync(path.join(plugins, "docker-buildx"), wrapper(buildx), { mode: 0o700 });
    this.file = path.join(own, "build.log");
    this.environment = { ...environment, DOCKER_CONFIG: changed };
  }

  /** The lines printed so far. */
  lines(): string[] {
    return this.file !== undefined && fs.existsSync(this.file) ? fs.readFileSync(this.file, "utf8").split("\n") : [];
  }
}

let folder: string | undefined;

function ownFolder(): string {
  if (folder === undefined) {
    folder = processFolder("docker-client");
    // It may hold what the user signs in with.
    removeAbandoned(path.dirname(folder));
  }
  return folder;
}

interface DockerConfig {
  cliPluginsExtraDirs?: string[];
}

/** The docker CLI itself goes on without a file that it cannot read. */
function readConfig(file: string): DockerConfig {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8")) as DockerConfig;
  } catch {
    return {};
  }
}

/** Contexts, builders and the like are used where they are. */
function linkAll(from: string, to: string): void {
  for (const name of fs.existsSync(from) ? fs.readdirSync(from) : []) {
    if (name !== "config.json") {
      fs.symlinkSync(path.join(fs.realpathSync(from), name), path.join(to, name));
    }
  }
}

/**
 * The process that the plugin may have to kill becomes buildx itself; what copies its output ends with it.
 *
 * The plugin stops reading at a line of 64 KiB, and buildx would then wait for it forever.
 */
function wrapper(buildx: string): string {
  return `#!/bin/sh
pipe="$0.$$"
if [ "$1 $2" = "buildx build" ] && mkfifo "$pipe"; then
  while IFS= read -r line || [ -n "$line" ]; do
    printf '%s\\n' "$line" >>"\${0%/*/*}/build.log"
    [ "\${#line}" -gt 1000 ] || printf '%s\\n' "$line"
  done <"$pipe" &
  exec 2>"$pipe"
  rm "$pipe"
fi
exec '${buildx.replaceAll("'", "'\\''")}' "$@"
`;
}
