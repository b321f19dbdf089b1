import type { types } from "@pulumi/kubernetes";

type PodSpec = types.input.core.v1.PodSpec;
type Container = types.input.core.v1.Container;

/** What every pod of an app has, as Pod Security's level `restricted` demands it. */
export function hardenedPod(userId: number): Pick<
  PodSpec,
  "automountServiceAccountToken" | "enableServiceLinks" | "securityContext"
> {
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: userId,
      runAsGroup: userId,
      fsGroup: userId,
      seccompProfile: { type: "RuntimeDefault" },
    },
  };
}

/** What every container of an app has. */
export const hardenedContainer = {
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  },
  // The rollout's error then carries a crash's last lines.
  terminationMessagePolicy: "FallbackToLogsOnError",
} satisfies Partial<Container>;
