import type { ObjectKey } from "../../../components/kubernetes/types";
import { markOf } from "../../../components/safeguards/mark";
import { takenOver } from "../../../components/safeguards/otherApps";
import { isOurs, nameOf } from "../../../components/safeguards/verdict";
import type { KubeContext } from "../../../components/targets/kubeconfig";
import { priorStateOf } from "../../pulumi/prior";
import { deployedKey } from "../../pulumi/repair/live";
import type { Deployment } from "../../pulumi/state";
import { type Finding, foreignNamespaceFinding, objectsFinding } from "./findings";
import type { CheckedStack } from "./look";

/** Checks that the cluster has every object that the state has, and that the namespace is still the stack's. */
export async function checkObjects(
  { stack, host }: CheckedStack,
  deployment: Deployment,
  context: KubeContext,
): Promise<Finding[]> {
  const prior = priorStateOf(stack, deployment);
  const objects = (deployment.resources ?? []).flatMap((resource) =>
    resource.delete === true ? [] : (deployedKey(resource) ?? []),
  );
  if (objects.length === 0 || prior.cluster?.context !== context.name) {
    return [];
  }
  const sights = await Promise.all(
    objects.map(async (key) => ({ key, sight: await host.endpoints.see(context, key) })),
  );
  for (const app of [prior, ...prior.others]) {
    const claim = sights.find(({ key }) => isSame(key, app.claim?.key));
    if (typeof claim?.sight === "object" && !isOurs(claim.sight, app)) {
      if (prior.others.length > 0) {
        const { failed, help } = takenOver(stack, app, claim.sight);
        return [{ status: "failed", subject: "namespace", detail: failed, ...(help !== undefined && { help }) }];
      }
      const whose = markOf(claim.sight.metadata)?.madeBy ?? "somebody else";
      return [foreignNamespaceFinding(nameOf(claim.key.metadata), whose, stack)];
    }
  }
  const gone = sights.flatMap(({ key, sight }) => (sight === "absent" ? [`${key.kind} ${key.metadata.name}`] : []));
  return [objectsFinding(gone, objects.length, stack)];
}

const isSame = (one: ObjectKey, other: ObjectKey | undefined): boolean =>
  one.kind === other?.kind &&
  one.metadata.name === other.metadata.name &&
  one.metadata.namespace === other.metadata.namespace;
