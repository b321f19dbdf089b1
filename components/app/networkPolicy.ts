import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import type * as pulumi from "@pulumi/pulumi";

import type { InNamespace } from "./objectMeta";
import { port } from "./podSpec";

/** Where clouds tell a node who it is and what it may do. */
const metadataServices = { "0.0.0.0/0": "169.254.169.254/32", "::/0": "fd00:ec2::254/128" };

/** Lets requests in to the app's port only, and its own out to everything but what would give it the node's identity. */
export function limitTraffic(name: string, metadata: InNamespace, opts: pulumi.CustomResourceOptions): void {
  new NetworkPolicy(
    `${name}-ingress`,
    {
      metadata: metadata({ name }),
      spec: {
        // Every pod of the namespace, so that another pod there is not reachable by accident.
        podSelector: {},
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ ports: [{ protocol: "TCP", port }] }],
        egress: [
          // Pods by selector: some CNIs do not match pod IPs against ipBlock.
          { to: [{ namespaceSelector: {} }] },
          ...Object.entries(metadataServices).map(([cidr, except]) => ({
            to: [{ ipBlock: { cidr, except: [except] } }],
          })),
        ],
      },
    },
    opts,
  );
}
