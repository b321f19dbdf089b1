import { Service } from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import type * as pulumi from "@pulumi/pulumi";

import { processLabels } from "./labels";
import type { InNamespace } from "./objectMeta";

/** The port of a process, and who reaches it. */
export interface ProcessPort {
  /** Undefined for a process that listens on none. */
  port: number | undefined;
  /** `NodePort`, or a path of the Ingress; undefined for the app's own pods alone. */
  expose: string | undefined;
}

/** A process that is reached from outside the cluster. */
export interface ExposedProcess {
  service: Service;
  /** `NodePort`, or a path of the Ingress. */
  expose: string;
}

/**
 * Declares the Service of each process that listens on a port, which has the process's name.
 *
 * @returns those that are exposed, by the names of their processes
 */
export function serveProcesses(
  name: string,
  processes: Record<string, ProcessPort>,
  metadata: InNamespace,
  opts: pulumi.CustomResourceOptions,
): Record<string, ExposedProcess> {
  const listening = Object.entries(processes).flatMap(([process, { port, expose }]) =>
    port === undefined ? [] : [{ process, port, expose }],
  );
  return Object.fromEntries(
    listening.flatMap(({ process, port, expose }) => {
      const labels = processLabels(process);
      const own = `${name}-${process}`;
      new NetworkPolicy(
        `${own}-ingress`,
        {
          metadata: metadata({ name: own }),
          spec: {
            podSelector: { matchLabels: labels },
            policyTypes: ["Ingress"],
            ingress: [
              {
                ...(expose === undefined && { from: [{ podSelector: {} }] }),
                ports: [{ protocol: "TCP", port }],
              },
            ],
          },
        },
        opts,
      );
      const service = new Service(
        own,
        {
          // The Deployment's readiness gates.
          metadata: metadata({ name: own, annotations: { "pulumi.com/skipAwait": "true" } }),
          spec: {
            type: expose === "NodePort" ? "NodePort" : "ClusterIP",
            selector: labels,
            ports: [{ name: "http", port, targetPort: "http" }],
          },
        },
        opts,
      );
      return expose === undefined ? [] : [[process, { service, expose }]];
    }),
  );
}
