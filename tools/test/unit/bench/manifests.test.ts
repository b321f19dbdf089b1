import assert from "node:assert/strict";

import { type KubernetesObject, manifestsFrom } from "../../../bench/manifests";

const added = { uid: "1", resourceVersion: "2", creationTimestamp: "now", generation: 3, managedFields: [] };
const probe = { httpGet: { path: "/readyz", port: "http" }, periodSeconds: 1 };

const live: KubernetesObject[] = [
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      ...added,
      name: "kubernetes-django",
      namespace: "theirs",
      labels: { app: "django", "app.kubernetes.io/managed-by": "pulumi" },
      annotations: { "deployment.kubernetes.io/revision": "1", "pulumi.com/timeoutSeconds": "30" },
    },
    spec: { template: { spec: { containers: [{ image: "theirs:abc", startupProbe: probe }] } } },
    status: { replicas: 1 },
  },
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: { ...added, name: "web", namespace: "theirs" },
    spec: { clusterIP: "10.0.0.1", clusterIPs: ["10.0.0.1"], ports: [{ port: 8000, nodePort: 30000 }] },
    status: {},
  },
  { apiVersion: "v1", kind: "ServiceAccount", metadata: { ...added, name: "default", namespace: "theirs" } },
  {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      ...added,
      name: "theirs",
      labels: { "kubernetes.io/metadata.name": "theirs", "pod-security.kubernetes.io/enforce": "restricted" },
    },
    spec: { finalizers: ["kubernetes"] },
    status: { phase: "Active" },
  },
];

describe("the bench's manifests", () => {
  it("are the live objects without what the server added, in another namespace and with another image", () => {
    assert.deepEqual(manifestsFrom(live, { namespace: "ours", image: "ours:0" }), [
      {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: "ours", labels: { "pod-security.kubernetes.io/enforce": "restricted" }, annotations: {} },
        spec: {},
      },
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "kubernetes-django", namespace: "ours", labels: { app: "django" }, annotations: {} },
        spec: { template: { spec: { containers: [{ image: "ours:0", startupProbe: probe }] } } },
      },
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "web", namespace: "ours", labels: {}, annotations: {} },
        spec: { ports: [{ port: 8000 }] },
      },
    ]);
  });

  it("refuse a stack without an image, which leaves nothing to compare", () => {
    assert.throws(
      () => manifestsFrom(live.slice(1), { namespace: "ours", image: "ours:0" }),
      /^Error: The stack runs 0 images \(\), but 1 was expected$/,
    );
  });
});
