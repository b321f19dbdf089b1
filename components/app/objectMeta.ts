import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { forceAnnotation } from "../safeguards/priorState";

export type ObjectMeta = types.input.meta.v1.ObjectMeta;

/** Name of the app, with which the names of its objects begin. */
export const appName = "kubernetes-django";

/** Gives an object's metadata what all objects of an app have. */
export type InNamespace = (own: Own) => ObjectMeta;

/** What an object's metadata has of its own. */
export interface Own extends Omit<ObjectMeta, "labels" | "annotations"> {
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

/** Label of what a stack has in a namespace of others, where its pods are told from theirs. */
const guestLabels = { "app.kubernetes.io/managed-by": appName };

/**
 * The namespace, and the right to take back what somebody changed by hand: `kubectl scale` or `set image` makes another
 * the owner of a field, and server-side apply refuses to change it without force.
 *
 * @param isGuest whether others have objects in the namespace
 */
export function inNamespace(namespace: pulumi.Input<string>, isGuest: boolean): InNamespace {
  return ({ labels = {}, annotations = {}, ...rest }) => {
    const all = { ...(isGuest ? guestLabels : {}), ...labels };
    return {
      namespace,
      ...rest,
      ...(Object.keys(all).length > 0 && { labels: all }),
      annotations: { [forceAnnotation]: "true", ...annotations },
    };
  };
}
