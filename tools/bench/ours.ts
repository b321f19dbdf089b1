import { createStack } from "../pulumi/stacks";
import type { Builder } from "../../components/config/image";
import { Problem } from "../../components/problem";
import { Checkout } from "../test/integration/helpers/checkout";
import { type Tools, Workspace } from "../test/integration/helpers/workspace";
import { Commands } from "./commands";
import type { WatchCommand } from "./watchCommand";
import type { KubernetesObject } from "./manifests";
import { type BenchCluster, benchClusters } from "./minikube";
import type { Side } from "./side";

/** How the program is run. */
export interface Call {
  title: string;
  /** Of its objects, and the repository of its images. */
  namespace: string;
  command: (operation: "up" | "destroy", stack: string) => [file: string, ...args: string[]];
}

const operationFlags = ["--yes", "--skip-preview", "--non-interactive", "--color", "never"];

export const plain: Call = {
  title: "pulumi up",
  namespace: "bench-pulumi-up",
  command: (operation, stack) => ["pulumi", operation, "--stack", stack, ...operationFlags],
};

/** Also finds the tools, repairs an interrupted update, watches the rollout and waits for the page. */
export const npmRun: Call = {
  title: "npm run up",
  namespace: "bench-npm-run-up",
  command: (operation, stack) => ["npm", "run", "--silent", { up: "up", destroy: "down" }[operation], "--", stack],
};

/** The same in another namespace. */
export const npmRunForWatch: Call = { ...npmRun, namespace: "bench-npm-run-watch" };

/** The program, in a copy of the project that also holds the state. */
export class Ours implements Side {
  readonly title: string;
  readonly namespace: string;
  readonly commands: Commands;

  private constructor(
    private readonly call: Call,
    readonly workspace: Workspace,
  ) {
    ({ title: this.title, namespace: this.namespace } = call);
    this.commands = new Commands(workspace.folder, workspace.environment);
  }

  /** @param more config of the stack, besides what the bench needs */
  static async create(
    call: Call,
    tools: Tools,
    builder: Builder,
    cluster: BenchCluster = benchClusters.local,
    more: Record<string, string | object> = {},
  ): Promise<Ours> {
    const { namespace } = call;
    const own = { builder, namespace, imageRepository: namespace, debug: false };
    const config = { ...cluster.config, ...own, ...more };
    const { workspace } = new Checkout(await Workspace.create(tools, "dev", config, cluster.kind));
    Object.assign(workspace.environment, cluster.environment(workspace));
    await createStack(workspace.cli);
    await workspace.pulumiOk("config", "set", "--secret", "secretKey", "k".repeat(60));
    const ours = new Ours(call, workspace);
    // A killed run may have left something.
    await ours.commands.clear(namespace);
    return ours;
  }

  async first(): Promise<void> {
    await this.operate("up");
  }

  async unchanged(): Promise<void> {
    const output = await this.operate("up");
    if (!/Resources:\n\s+\d+ unchanged\n/.test(output)) {
      throw new Problem(`A second \`${this.title}\` changed something`, undefined, output.split("\n"));
    }
  }

  async edited(): Promise<void> {
    await this.operate("up");
  }

  async destroyed(): Promise<void> {
    await this.operate("destroy");
  }

  async url(): Promise<string> {
    return await this.workspace.output("url");
  }

  async settle(): Promise<void> {
    // The next update finds its sources unchanged.
  }

  /** `npm run watch` of its stack. */
  get watch(): WatchCommand {
    const command = ["npm", "run", "--silent", "watch", "--", this.workspace.stack] as const;
    return {
      title: "npm run watch",
      command: [...command],
      waiting: "Waiting for changes",
      settled: " s after the save",
    };
  }

  /** The objects of the stack as the API server has them. */
  async liveObjects(): Promise<KubernetesObject[]> {
    const kinds = "deployment,service,serviceaccount,secret,networkpolicy,poddisruptionbudget";
    const { namespace } = this;
    const own = await this.commands.kubectl(namespace, "get", "namespace", namespace, "--output", "json");
    const inside = await this.commands.kubectl(namespace, "get", kinds, "--output", "json");
    const { items } = JSON.parse(inside) as { items: KubernetesObject[] };
    return [JSON.parse(own) as KubernetesObject, ...items];
  }

  /** Removes everything that this side made. */
  async dispose(): Promise<void> {
    // No state refers to the images of earlier edits.
    await this.destroyed();
    await this.commands.clear(this.namespace);
    await this.workspace.dispose();
  }

  /** Updates or destroys the stack and returns the standard output. */
  async operate(operation: "up" | "destroy", flags: string[] = [], commands = this.commands): Promise<string> {
    return await commands.runPrinting(...this.call.command(operation, this.workspace.stack), ...flags);
  }
}
