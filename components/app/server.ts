import { StatefulSet } from "@pulumi/kubernetes/apps/v1";
import { Service } from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import type { types } from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { InNamespace } from "./objectMeta";
import { type ServerCluster, untilRolledOut } from "./serverRollout";

/** Arguments of `runServer`. */
export interface ServerArgs {
  /** Gives an object's metadata what all objects of the app have. */
  metadata: InNamespace;
  /** Labels of its pod. */
  labels: { app: string };
  /** Name and number of the port. */
  port: { name: string; number: number };
  /** Labels of the pods that may connect, by the value of `app`. */
  clients: string[];
  podSpec: types.input.core.v1.PodSpec;
  /** Seconds until it is there: the image may have to be pulled first. */
  startSeconds: number;
  /** Asks the cluster for the server. */
  cluster: ServerCluster;
}

/**
 * Declares a server of one pod, its address and what guards it.
 *
 * @returns the address, known once the server runs as it is declared. By number, which the Service keeps: not every
 * cluster has a DNS server
 */
export function runServer(
  name: string,
  { metadata, labels, port, clients, podSpec, startSeconds, cluster }: ServerArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const service = new Service(
    `${name}-service`,
    {
      // Its awaiter waits 10 s longer than the server's own.
      metadata: metadata({ name, annotations: { "pulumi.com/skipAwait": "true" } }),
      spec: { selector: labels, ports: [{ name: port.name, port: port.number, targetPort: port.name }] },
    },
    opts,
  );
  new NetworkPolicy(
    `${name}-ingress`,
    {
      metadata: metadata({ name }),
      spec: {
        podSelector: { matchLabels: labels },
        policyTypes: ["Ingress"],
        ingress: [
          {
            from: [{ podSelector: { matchExpressions: [{ key: "app", operator: "In", values: clients }] } }],
            ports: [{ protocol: "TCP", port: port.number }],
          },
        ],
      },
    },
    opts,
  );
  const server = new StatefulSet(
    name,
    {
      metadata: metadata({ name, labels, annotations: { "pulumi.com/timeoutSeconds": String(startSeconds) } }),
      spec: {
        replicas: 1,
        serviceName: service.metadata.name,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: podSpec },
      },
    },
    opts,
  );
  const known = pulumi.all([service.spec.clusterIP, server.metadata, server.id]);
  return known.apply(async ([address, { name, namespace, generation }]) => {
    // Nothing is said of it under Pulumi's mocks, although its type does not say so.
    if (!pulumi.runtime.isDryRun() && (generation as number | undefined) !== undefined) {
      await untilRolledOut(cluster, { name, namespace }, generation);
    }
    return address;
  });
}

/**
 * Probes of a server of one pod.
 *
 * @param command succeeds while the server answers
 * @param startSeconds seconds after which a server that has not started is started again
 */
export function serverProbes(
  command: string[],
  startSeconds: number,
): Pick<types.input.core.v1.Container, "startupProbe" | "readinessProbe" | "livenessProbe"> {
  // On a busy node the command alone may take seconds to start.
  const probe = { exec: { command }, timeoutSeconds: 15 };
  return {
    startupProbe: { ...probe, periodSeconds: 1, failureThreshold: startSeconds },
    // No other pod is in its Service: where it is slow, it is better to wait for it than to be refused.
    readinessProbe: { ...probe, periodSeconds: 5, failureThreshold: 60 },
    livenessProbe: { ...probe, periodSeconds: 10, failureThreshold: 6 },
  };
}
