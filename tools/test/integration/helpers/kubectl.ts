import { clusterEnvironment } from "../../../sandbox/cluster/cluster";
import { run } from "../../../sandbox/cluster/host";
import { clusterFiles, type ClusterKind } from "../../../sandbox/cluster/kinds";
import { until } from "../../../waiting";
import { getTools } from "./cluster";

/** kubectl with a cluster's own kubeconfig; rejects with what it printed. */
export class Kubectl {
  private constructor(
    readonly kind: ClusterKind,
    readonly environment: NodeJS.ProcessEnv,
  ) {}

  static async of(kind: ClusterKind): Promise<Kubectl> {
    return new Kubectl(kind, await clusterEnvironment(kind, (await getTools()).cluster));
  }

  async run(args: string[], input?: string): Promise<string> {
    return await run(this.environment, ["kubectl", "--kubeconfig", clusterFiles(this.kind).kubeconfig, ...args], input);
  }

  /** Deletes a namespace with all that is in it, and does not wait for the end. */
  async deleteNamespace(name: string): Promise<void> {
    await this.run(["delete", "namespace", name, "--wait=false"]);
  }

  /** Deletes the namespaces of all stacks, such as those that other tests left when they failed. */
  async deleteStacks(): Promise<void> {
    const selector = "pod-security.kubernetes.io/enforce=restricted";
    await this.run(["delete", "namespaces", "--selector", selector, "--wait=false"]);
  }

  async apply(...objects: object[]): Promise<void> {
    await this.run(["apply", "--filename", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }));
  }

  /** A namespace that lets only restricted pods in. */
  async makeNamespace(name: string): Promise<void> {
    // It may be ending still since an earlier run, which did not wait for that.
    await this.run(["delete", "namespace", name, "--ignore-not-found"]);
    const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
    await this.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels } });
    // Pods are refused until the namespace has this.
    const ask = ["get", "serviceaccount", "default", "--namespace", name];
    await this.until(async () => (await this.run(ask)) !== "");
  }

  /** Waits until a check holds; one that is rejected does not. */
  async until(check: () => Promise<boolean>, seconds = 120): Promise<void> {
    await until(
      async () => {
        if (!(await check())) {
          throw new Error("the check is false");
        }
      },
      { seconds },
    );
  }
}

/** What a namespace with restricted pods asks of a pod and its container. */
export const restricted = (user: number): { pod: object; container: object } => ({
  pod: {
    runAsNonRoot: true,
    runAsUser: user,
    runAsGroup: user,
    fsGroup: user,
    seccompProfile: { type: "RuntimeDefault" },
  },
  container: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  },
});
