import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import type * as pulumi from "@pulumi/pulumi";

import { appPods } from "./labels";
import type { InNamespace } from "./objectMeta";

/** Where clouds tell a node or a pod who it is and what it may do. */
const metadataServices = {
  "0.0.0.0/0": [
    // Link-local: AWS with its ECS and EKS agents, Google Cloud, Azure, Oracle, DigitalOcean, Tencent and most others.
    "169.254.0.0/16",
    // Azure's own way to its virtual machines.
    "168.63.129.16/32",
    // Alibaba Cloud.
    "100.100.100.200/32",
  ],
  // Link-local, AWS with its EKS agent, Google Cloud, Oracle, Scaleway.
  "::/0": [
    "fe80::/10",
    "fd00:ec2::254/128",
    "fd00:ec2::23/128",
    "fd20:ce::254/128",
    "fd00:c1::a9fe:a9fe/128",
    "fd00:42::42/128",
  ],
};

/** Lets requests in to the app's port only, and its own out to everything but what would give it the node's identity. */
export function limitTraffic(
  name: string,
  { port, isGuest }: { port: number; isGuest: boolean },
  metadata: InNamespace,
  opts: pulumi.CustomResourceOptions,
): void {
  new NetworkPolicy(
    `${name}-ingress`,
    {
      metadata: metadata({ name }),
      spec: {
        // Every pod of the namespace, so that another pod there is not reachable by accident; beside others the app's own.
        podSelector: isGuest ? { matchExpressions: [{ key: "app", operator: "In", values: appPods }] } : {},
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ ports: [{ protocol: "TCP", port }] }],
        egress: [
          // Pods by selector: some CNIs do not match pod IPs against ipBlock.
          { to: [{ namespaceSelector: {} }] },
          ...Object.entries(metadataServices).map(([cidr, except]) => ({ to: [{ ipBlock: { cidr, except } }] })),
          // NodeLocal DNSCache listens on a link-local address, and clouds resolve names on those above.
          { ports: ["UDP", "TCP"].map((protocol) => ({ protocol, port: 53 })) },
        ],
      },
    },
    opts,
  );
}

/** Lets an Ingress's certificate be issued: cert-manager shows with a pod in the namespace that the host is the app's. */
export function admitCertManager(name: string, metadata: InNamespace, opts: pulumi.CustomResourceOptions): void {
  new NetworkPolicy(
    `${name}-acme`,
    {
      metadata: metadata({ name: `${name}-acme` }),
      spec: {
        podSelector: { matchLabels: { "acme.cert-manager.io/http01-solver": "true" } },
        policyTypes: ["Ingress"],
        ingress: [{ ports: [{ protocol: "TCP", port: 8089 }] }],
      },
    },
    opts,
  );
}
