import type { Builder } from "../components/settings";
import { type Tools, Workspace } from "../test/integration/helpers/workspace";
import { Commands } from "./commands";
import type { KubernetesObject } from "./manifests";
import { type BenchCluster, benchClusters } from "./minikube";
import type { Side } from "./side";

const namespace = "bench-ours";
const operationFlags = ["--yes", "--skip-preview", "--non-interactive", "--color", "never"];

/** Plain `pulumi up` of the program, in a copy of the project. */
export class Ours implements Side {
  readonly title = "pulumi up";
  readonly namespace = namespace;
  readonly commands: Commands;

  private constructor(readonly workspace: Workspace) {
    this.commands = new Commands(workspace.folder, workspace.environment);
  }

  static async create(tools: Tools, builder: Builder, cluster: BenchCluster = benchClusters.shared): Promise<Ours> {
    const config = { ...cluster.config, builder, namespace, imageRepository: namespace, debug: false };
    const workspace = await Workspace.create(tools, "dev", config, cluster.kind);
    Object.assign(workspace.environment, cluster.environment(workspace));
    await workspace.pulumiOk("config", "set", "--secret", "secretKey", "k".repeat(60));
    const ours = new Ours(workspace);
    // A run that was killed may have left something.
    await ours.commands.clear(namespace);
    return ours;
  }

  async first(): Promise<void> {
    await this.operate("up");
  }

  async unchanged(): Promise<void> {
    const output = await this.operate("up");
    if (!/Resources:\n\s+\d+ unchanged\n/.test(output)) {
      throw new Error(`A second \`pulumi up\` changed something:\n${output}`);
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
    // The program knows its sources.
  }

  /** Objects of the stack as the API server has them. */
  async liveObjects(): Promise<KubernetesObject[]> {
    const kinds = "deployment,service,serviceaccount,secret,networkpolicy,poddisruptionbudget";
    const own = await this.commands.kubectl(namespace, "get", "namespace", namespace, "--output", "json");
    const inside = await this.commands.kubectl(namespace, "get", kinds, "--output", "json");
    const { items } = JSON.parse(inside) as { items: KubernetesObject[] };
    return [JSON.parse(own) as KubernetesObject, ...items];
  }

  /** Ends everything this side made. */
  async dispose(): Promise<void> {
    // The images of earlier edits are in no state.
    await this.destroyed();
    await this.commands.clear(namespace);
    await this.workspace.dispose();
  }

  /** Runs `pulumi up` or `pulumi destroy` and returns what it printed. */
  async operate(operation: "up" | "destroy", flags: string[] = [], commands = this.commands): Promise<string> {
    return await commands.run("pulumi", operation, "--stack", this.workspace.stack, ...operationFlags, ...flags);
  }
}
