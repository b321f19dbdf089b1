import { Namespace } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

/** Declares the namespace that holds everything of an app. */
export function declareNamespace(name: string, namespace: string, opts: pulumi.CustomResourceOptions): Namespace {
  return new Namespace(
    `${name}-namespace`,
    {
      metadata: {
        name: namespace,
        labels: {
          "pod-security.kubernetes.io/enforce": "restricted",
          "pod-security.kubernetes.io/warn": "restricted",
        },
      },
    },
    // On a cluster that was deleted and created again, the replacements have the same names: deleting the old objects
    // last would delete them. Everything else depends on the namespace and follows it.
    { ...opts, deleteBeforeReplace: true },
  );
}
