import { kubeconfigFiles, readKubeContext } from "../../components/targets/kubeconfig";
import type { TargetName } from "../../components/config/cluster";
import { type Host, thisHost } from "../../components/targets/host";
import { targets } from "../../components/targets/target";

export interface ChosenStack {
  stack: string;
  /** One line for the user. */
  reason: string;
}

/** In this order: a cluster that the developer has set up beats one that would have to be started. */
const candidates: { stack: string; target: TargetName }[] = [
  { stack: "dev", target: "docker-desktop" },
  { stack: "minikube", target: "minikube" },
];

/** The stack named on the command line, or the first one whose cluster answers, or the embedded sandbox. */
export async function chooseStack(named: string | undefined, host: Host = thisHost): Promise<ChosenStack> {
  if (named !== undefined) {
    return { stack: named, reason: `Stack ${named}, as you asked` };
  }
  const files = kubeconfigFiles(host.environment, host.home);
  const refusals: string[] = [];
  for (const { stack, target } of candidates) {
    const name = targets[target].kubeContext({ minikubeProfile: "minikube" });
    const refusal = await refusalOf(name, files, host);
    if (refusal === undefined) {
      return { stack, reason: `Stack ${stack}: the cluster of kube context ${name} answers` };
    }
    refusals.push(`${name} ${refusal}`);
  }
  return { stack: "sandbox", reason: `Stack sandbox: kube context ${refusals.join(", ")}` };
}

async function refusalOf(name: string, files: string[], host: Host): Promise<string | undefined> {
  try {
    const context = readKubeContext(files, name, "");
    return await host.endpoints.cluster(context).then(
      () => undefined,
      () => "does not answer",
    );
  } catch {
    return "is not there";
  }
}
