import assert from "node:assert/strict";
import fs from "node:fs";

import execa from "execa";
import type { Context } from "mocha";

import { minikubeHost } from "../../../sandbox/minikube/host";
import { deleteMinikube, missingTools, type Runtime, startMinikube } from "../../../sandbox/minikube/minikube";
import { getTools, needPlugin, skip } from "./cluster";
import { type Result, Workspace } from "./workspace";

export const namespace = "real-minikube";
const base = { target: "minikube", debug: true, namespace, imageRepository: namespace, builder: "docker-build" };
const minutes = 60_000;

/** Why a real minikube cannot or should not be started here; undefined where it can. */
async function reasonToSkip(): Promise<string | undefined> {
  if (process.platform !== "linux" || process.getuid?.() !== 0) {
    return "a real minikube needs Linux and root";
  }
  const missing = await missingTools();
  const isWanted = (process.env["TEST_MINIKUBE"] ?? "") !== "";
  return isWanted || missing.length === 0
    ? undefined
    : `${missing.join(", ")} would have to be built first, which takes minutes; run \`npm run test:minikube\``;
}

/** A real minikube and a workspace whose stack `minikube` goes to it. */
export class RealMinikube {
  private constructor(
    readonly workspace: Workspace,
    private readonly runtime: Runtime,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  /** For a `before` hook: starts it, or skips with the reason. */
  static async start(context: Context, runtime: Runtime): Promise<RealMinikube> {
    context.timeout(20 * minutes);
    const reason = await reasonToSkip();
    if (reason !== undefined) {
      skip(context, reason);
    }
    await needPlugin(context, "docker-build");
    try {
      const environment = await startMinikube(runtime);
      const workspace = await Workspace.create(await getTools(), "minikube", base, minikubeHost);
      return new RealMinikube(workspace, runtime, environment);
    } catch (error) {
      await deleteMinikube();
      throw error;
    }
  }

  /** For an `after` hook. */
  async dispose(): Promise<void> {
    await deleteMinikube();
    fs.rmSync(this.workspace.folder, { recursive: true });
  }

  /** Runs a command as in a shell in which `eval $(minikube docker-env)` was run, as far as minikube answers that. */
  async run(file: string, ...args: string[]): Promise<Result> {
    const { PATH, ...others } = this.environment;
    return await this.workspace.run(file, args, {
      ...others,
      PATH: [this.workspace.environment["PATH"], PATH].join(":"),
      HOME: this.workspace.environment["HOME"],
      ...(this.runtime === "docker" ? await this.dockerEnv() : {}),
    });
  }

  private async dockerEnv(): Promise<NodeJS.ProcessEnv> {
    const ask = ["docker-env", "--shell", "none", "-o", "json"];
    const options = { env: this.environment, extendEnv: false, reject: false };
    const { stdout, exitCode } = await execa("minikube", ask, options);
    return exitCode === 0 ? (JSON.parse(stdout) as NodeJS.ProcessEnv) : {};
  }

  async pulumi(...args: string[]): Promise<Result> {
    return await this.run("pulumi", ...args, "--stack", "minikube", "--non-interactive", "--color", "never");
  }

  async pulumiOk(...args: string[]): Promise<string> {
    const { exitCode, output } = await this.pulumi(...args);
    assert.equal(exitCode, 0, output);
    return output;
  }

  async up(): Promise<string> {
    return await this.pulumiOk("up", "--yes", "--skip-preview");
  }

  async output(name: string): Promise<string> {
    return (await this.pulumiOk("stack", "output", name)).trim();
  }

  /** Images of the stack that the node has, without Docker Hub's name before them. */
  async images(): Promise<string[]> {
    const { output } = await this.run("minikube", "image", "ls");
    const names = output.split("\n").map((line) => line.replace(/^docker\.io\/library\//, ""));
    return names.filter((name) => name.startsWith(`${namespace}:`));
  }

  edit(): void {
    this.workspace.edit("app/templates/index.html", (text) => text.replace("</title>", " edited</title>"));
  }
}
