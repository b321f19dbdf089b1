import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

import execa, { type ExecaChildProcess } from "execa";

import { type Builder, hasBuildSecrets, readBuild } from "../../components/config/image";
import { readProjectPlace } from "../../components/config/project";
import { type Project, readProject } from "../../components/image/project";
import { targets } from "../../components/targets/target";
import { makeScratch } from "../scratch";
import { Daemon } from "./daemon";
import type { PulumiCli } from "../stack/stack";
import { StackConfig } from "../stack/stackConfig";

const load = createRequire(__filename);

/** What of the CLI says how and where is built. */
type Machine = Pick<PulumiCli, "configFile" | "environment">;

/**
 * Builds a change's layers while Pulumi starts, which takes longer: its provider then finds them in the daemon's cache.
 *
 * No image comes of it. What fails here is left to the provider, which meets it again and tells.
 */
export class BuildAhead {
  /** Settles when nothing is being built any more. */
  readonly ended: Promise<void>;
  private build: ExecaChildProcess | undefined;
  private isStopped = false;

  /**
   * @param deployed image that the stack deployed last; nothing is built while the sources are still its own. Undefined
   *   where it deployed none
   */
  constructor(cli: Machine, deployed: string | undefined) {
    this.ended = this.run(cli, deployed).catch(() => undefined);
  }

  stop(): void {
    this.isStopped = true;
    this.build?.kill();
  }

  private async run({ configFile, environment }: Machine, deployed: string | undefined): Promise<void> {
    const config = StackConfig.in(configFile);
    if (config.target !== undefined && targets[config.target].pulls) {
      // What is pushed is built for other platforms, with a cache of its own.
      return;
    }
    const { builder, ...settings } = readBuild(config);
    if (builder === "auto") {
      // The daemon did not answer when `npm run` asked it which builder works.
      return;
    }
    if (hasBuildSecrets(config)) {
      // Nothing here can decrypt them, and the daemon's cache would keep what a step does without them.
      return;
    }
    const project = readProject(readProjectPlace(config), { builder, ...settings });
    if (deployed?.endsWith(`:${project.hash}`)) {
      return;
    }
    if (await new Daemon(environment).has(`${config.text("imageRepository") ?? ""}:${project.hash}`)) {
      // Its layers are in the cache, as after an edit was taken back.
      return;
    }
    const flags = Object.entries(settings.buildArgs).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
    if (settings.platform !== undefined) {
      flags.push("--platform", settings.platform);
    }
    if (project.stage !== undefined) {
      flags.push("--target", project.stage);
    }
    await sources[builder](project, async (place, stdin, dockerfile) => {
      if (!this.isStopped) {
        const args = [
          "build",
          "--builder",
          "default",
          "--quiet",
          "--output",
          "type=cacheonly",
          ...flags,
          "--file",
          dockerfile,
          place,
        ];
        this.build = execa("docker", args, { env: environment, extendEnv: false, stdio: [stdin, "ignore", "ignore"] });
        await this.build;
      }
    });
  }
}

/** @param dockerfile as the docker CLI takes it: within an archive, or in the folder */
type Build = (place: string, stdin: number | "ignore", dockerfile: string) => Promise<void>;

/** How a builder sends the sources: sent in another way they have other places in the cache. */
const sources: Record<Builder, (project: Project, build: Build) => Promise<void>> = {
  docker: async (project, build) => {
    const scratch = makeScratch("context");
    try {
      const { archiveContext } = load("./contextArchive") as typeof import("./contextArchive");
      const archive = path.join(scratch.folder, "context.tar");
      await archiveContext(project.folder, project, archive);
      const stdin = fs.openSync(archive, "r");
      await build("-", stdin, path.posix.relative(project.folder, project.dockerfile)).finally(() => {
        fs.closeSync(stdin);
      });
    } finally {
      scratch.remove();
    }
  },
  "docker-build": async ({ folder, dockerfile }, build) => {
    await build(folder, "ignore", dockerfile);
  },
};
