import { ConfigMap, Namespace } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

import type { PodSecurity } from "../config/process";
import { anchorName } from "../safeguards/claimNamespace";
import { markAnnotations } from "../safeguards/mark";
import type { Owner } from "../safeguards/ownership";
import { anchorLabel, forceAnnotation } from "../safeguards/priorState";
import { appName } from "./objectMeta";

/**
 * Declares what marks the namespace as the stack's: the namespace itself, or a ConfigMap in one that was there.
 *
 * @returns the name of the namespace, for everything that is to be made in it
 */
export function declareNamespace(
  name: string,
  namespace: string,
  { mark, isGuest, isAdopted }: Owner,
  podSecurity: PodSecurity,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  // Of two stacks that make it at the same time the second one has to fail, so it takes nothing by force unless asked.
  const annotations = { ...markAnnotations(mark), ...(isAdopted && { [forceAnnotation]: "true" }) };
  // On a cluster that was deleted and created again, the replacements have the same names: deleting the old objects
  // last would delete them. Everything else depends on this one and follows it.
  const own = { ...opts, deleteBeforeReplace: true };
  if (isGuest) {
    const labels = { "app.kubernetes.io/managed-by": appName, [anchorLabel]: "true" };
    return new ConfigMap(`${name}-anchor`, { metadata: { name: anchorName, namespace, labels, annotations } }, own)
      .metadata.namespace;
  }
  return new Namespace(
    `${name}-namespace`,
    {
      metadata: {
        name: namespace,
        labels: {
          "pod-security.kubernetes.io/enforce": podSecurity,
          "pod-security.kubernetes.io/warn": podSecurity,
        },
        annotations,
      },
    },
    own,
  ).metadata.name;
}
