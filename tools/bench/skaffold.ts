import { stringify } from "yaml";

import type { WatchCommand } from "./watchCommand";
import { manifestsFrom } from "./manifests";
import { OtherWay, type Start } from "./otherWay";

export const manifestFile = "manifests.yaml";
const flags = ["--kube-context", "docker-desktop", "--filename", "skaffold.yaml"];

/** Skaffold's `run` of the same objects, built by the same docker CLI, with tags by content as in the program. */
export class Skaffold extends OtherWay {
  readonly title = "skaffold run";

  /** @param sync what Skaffold puts into pods without a build. @default nothing */
  constructor(start: Start, image = "bench-skaffold", sync?: { manual: { src: string; dest: string }[] }) {
    const environment = { ...start.environment, SKAFFOLD_UPDATE_CHECK: "false", SKAFFOLD_INTERACTIVE: "false" };
    super({ ...start, environment }, image);
    const manifests = manifestsFrom(start.live, { namespace: image, image });
    this.write(manifestFile, manifests.map((object) => stringify(object)).join("---\n"));
    this.write(
      "skaffold.yaml",
      stringify({
        apiVersion: "skaffold/v4beta13",
        kind: "Config",
        build: {
          artifacts: [{ image, context: "app", docker: {}, ...(sync && { sync }) }],
          tagPolicy: { inputDigest: {} },
          local: { push: false, useDockerCLI: true, useBuildkit: true },
        },
        manifests: { rawYaml: [manifestFile] },
        deploy: { kubectl: {} },
      }),
    );
  }

  /** Without the flag, the command would delete everything at its end. */
  static readonly dev: WatchCommand = {
    title: "skaffold dev",
    command: ["skaffold", "dev", "--cleanup=false", ...flags],
    waiting: "Watching for changes",
    settled: "Watching for changes",
  };

  async first(): Promise<void> {
    await this.run();
  }

  async unchanged(): Promise<void> {
    await this.run();
  }

  async edited(): Promise<void> {
    await this.run();
  }

  async destroyed(): Promise<void> {
    await this.skaffold("delete");
  }

  async settle(): Promise<void> {
    // The next run finds its sources unchanged.
  }

  private async run(): Promise<void> {
    await this.skaffold("run");
  }

  private async skaffold(...args: string[]): Promise<void> {
    await this.commands.run("skaffold", ...args, ...flags);
  }
}
