import type { types } from "@pulumi/kubernetes";

import type { PodSecurity } from "../config/process";

type PodSpec = types.input.core.v1.PodSpec;
type Container = types.input.core.v1.Container;

/** As whom a pod runs. */
export interface RunAs {
  podSecurity: PodSecurity;
  /** Undefined for the image's user. */
  userId: number | undefined;
  /** Undefined for that user's own group. */
  userGroupId: number | undefined;
  /** Group that may read the pod's Secrets and write to its volumes. */
  groupId: number;
  /** Whether it has a volume with so many files that only its root's group is looked at. @default false */
  hasFiles?: boolean;
}

/** What every pod of an app has, as Pod Security's level demands it. */
export function hardenedPod({
  podSecurity,
  userId,
  userGroupId,
  groupId,
  hasFiles = false,
}: RunAs): Pick<PodSpec, "automountServiceAccountToken" | "enableServiceLinks" | "securityContext"> {
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: {
      ...(podSecurity === "restricted" && { runAsNonRoot: true }),
      ...(userId === undefined ? {} : { runAsUser: userId }),
      ...(userGroupId === undefined ? {} : { runAsGroup: userGroupId }),
      fsGroup: groupId,
      // Otherwise each pod would wait until the kubelet has gone through all files.
      ...(hasFiles && { fsGroupChangePolicy: "OnRootMismatch" }),
      seccompProfile: { type: "RuntimeDefault" },
    },
  };
}

/** What every container of an app has. With `baseline` its disk is the image's, as with `docker run`. */
export function hardenedContainer(
  podSecurity: PodSecurity,
): Pick<Container, "securityContext" | "terminationMessagePolicy"> {
  return {
    ...(podSecurity === "restricted" && {
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      },
    }),
    // The rollout's error then carries a crash's last lines.
    terminationMessagePolicy: "FallbackToLogsOnError",
  };
}
