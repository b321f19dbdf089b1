import assert from "node:assert/strict";

import { namespacesOf, namespacesWithApp } from "../../../../commands/doctor/decisions";
import type { StoredResource } from "../../../../pulumi/state";

describe("the namespaces that the doctor compares", () => {
  it("are those with a Deployment of the project's name", () => {
    const deployments = [
      { metadata: { name: "kubernetes-django", namespace: "a" } },
      { metadata: { name: "another", namespace: "b" } },
      { metadata: { name: "kubernetes-django", namespace: "c" } },
    ];
    assert.deepEqual(namespacesWithApp(deployments), ["a", "c"]);
  });

  it("are those of all stacks, finished or interrupted", () => {
    const resource = (type: string, name: string): StoredResource => ({
      urn: `urn::${name}`,
      type,
      inputs: { metadata: { name } },
    });
    const type = "kubernetes:core/v1:Namespace";
    const states = new Map([
      [
        "dev",
        { version: 3, deployment: { resources: [resource(type, "a"), resource("kubernetes:core/v1:Service", "b")] } },
      ],
      [
        "test",
        { version: 3, deployment: { pending_operations: [{ type: "creating", resource: resource(type, "c") }] } },
      ],
      ["empty", { version: 3, deployment: {} }],
    ]);
    assert.deepEqual(namespacesOf(states), new Set(["a", "c"]));
  });

  it("are those in which a guest has its objects", () => {
    const anchor: StoredResource = {
      urn: "urn::anchor",
      type: "kubernetes:core/v1:ConfigMap",
      inputs: { metadata: { name: "kubernetes-django-stack" } },
      outputs: { metadata: { name: "kubernetes-django-stack", namespace: "team" } },
    };
    const states = new Map([["dev", { version: 3, deployment: { resources: [anchor] } }]]);
    assert.deepEqual(namespacesOf(states), new Set(["team"]));
  });
});
