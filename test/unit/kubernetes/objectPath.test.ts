import assert from "node:assert/strict";

import { objectPath } from "../../../components/kubernetes/objectPath";

describe("The path of an object", () => {
  const places: [apiVersion: string, kind: string, metadata: { name: string; namespace?: string }, path: string][] = [
    ["v1", "Namespace", { name: "a" }, "/api/v1/namespaces/a"],
    ["v1", "Secret", { name: "b", namespace: "a" }, "/api/v1/namespaces/a/secrets/b"],
    ["apps/v1", "Deployment", { name: "b", namespace: "a" }, "/apis/apps/v1/namespaces/a/deployments/b"],
    [
      "networking.k8s.io/v1",
      "NetworkPolicy",
      { name: "b", namespace: "a" },
      "/apis/networking.k8s.io/v1/namespaces/a/networkpolicies/b",
    ],
    [
      "networking.k8s.io/v1",
      "Ingress",
      { name: "b", namespace: "a" },
      "/apis/networking.k8s.io/v1/namespaces/a/ingresses/b",
    ],
  ];
  for (const [apiVersion, kind, metadata, path] of places) {
    it(`is ${path} for a ${kind} of ${apiVersion}`, () => {
      assert.equal(objectPath({ apiVersion, kind, metadata }), path);
    });
  }
});
