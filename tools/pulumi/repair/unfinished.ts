import type { V1Deployment } from "@kubernetes/client-node";

import { targetNames } from "../../../components/config/cluster";
import { readIfThere } from "../../../components/kubernetes/client";
import { covers } from "../../kubernetes/covers";
import type { Live } from "../../../components/kubernetes/types";
import { contextOf } from "../../stack/kubeContext";
import { StackConfig } from "../../stack/stackConfig";
import type { Deployment } from "../state";
import { objectKey } from "./live";

/** Managers of fields that nobody but Pulumi and Kubernetes itself are. */
const usual = /^(pulumi-kubernetes|kube-controller-manager)/;

/**
 * Whether the cluster has another version of a Deployment than the state: the engine does not write down an update that
 * was cancelled in the rollout, and would later take the version before for deployed.
 *
 * What somebody changed by hand is no such version.
 */
export async function isUnfinished(stack: string, { resources = [] }: Deployment): Promise<boolean> {
  const deployments = resources.filter(({ type }) => type === "kubernetes:apps/v1:Deployment");
  try {
    const config = StackConfig.of(stack);
    const context = contextOf(config, config.target ?? targetNames[0]);
    const found = await Promise.all(
      deployments.map(async (resource) => {
        const key = objectKey(resource);
        const live = key && (await readIfThere<Live<V1Deployment>>(context, key));
        return live !== undefined && differs(live, resource.outputs?.["spec"]);
      }),
    );
    return found.some((each) => each);
  } catch {
    // The update itself says why the cluster cannot be asked.
    return false;
  }
}

/** @param known the spec in the state, as the API server gave it */
export function differs({ metadata, spec }: Live<V1Deployment>, known: unknown): boolean {
  const isOurs = (metadata.managedFields ?? []).every(({ manager = "" }) => usual.test(manager));
  const { template } = (known ?? {}) as { template?: unknown };
  return isOurs && template !== undefined && !covers(spec?.template, template);
}
