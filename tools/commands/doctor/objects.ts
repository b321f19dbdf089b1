import type { ObjectKey } from "../../../components/kubernetes/types";
import { markOf } from "../../../components/safeguards/mark";
import { takenOver } from "../../../components/safeguards/otherApps";
import { isOurs, nameOf } from "../../../components/safeguards/verdict";
import type { KubeContext } from "../../../components/targets/kubeconfig";
import { priorStateOf } from "../../pulumi/prior";
import { deployedKey } from "../../pulumi/repair/live";
import type { Deployment } from "../../pulumi/state";
import { type Finding, foreignNamespaceFinding, namespaceOf, objectsFinding, problemFinding } from "./findings";
import type { CheckedStack } from "./look";

/** Checks that the cluster has every object that the state has, and that the namespaces of all apps are still the stack's. */
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
  const apps = [prior, ...prior.others];
  const foreign = apps.flatMap((app): { name: string; finding: Finding }[] => {
    const claim = sights.find(({ key }) => isSame(key, app.claim?.key));
    if (typeof claim?.sight !== "object" || isOurs(claim.sight, app)) {
      return [];
    }
    const name = nameOf(claim.key.metadata);
    if (apps.length > 1) {
      return [{ name, finding: problemFinding(namespaceOf(app.app), takenOver(stack, app, claim.sight)) }];
    }
    const whose = markOf(claim.sight.metadata)?.madeBy ?? "somebody else";
    return [{ name, finding: foreignNamespaceFinding(name, whose, stack) }];
  });
  // What is in such a namespace is no more the stack's than that itself.
  const own = sights.filter(({ key }) => !foreign.some(({ name }) => name === nameOf(key.metadata)));
  const gone = own.flatMap(({ key, sight }) => (sight === "absent" ? [`${key.kind} ${key.metadata.name}`] : []));
  const rest = own.length === 0 ? [] : [objectsFinding(gone, own.length, stack)];
  return [...foreign.map(({ finding }) => finding), ...rest];
}

const isSame = (one: ObjectKey, other: ObjectKey | undefined): boolean =>
  one.kind === other?.kind &&
  one.metadata.name === other.metadata.name &&
  one.metadata.namespace === other.metadata.namespace;
