import assert from "node:assert/strict";

import { builderFor, namespacesOf, namespacesWithApp } from "../../../../commands/doctor/decisions";
import type { StoredResource } from "../../../../pulumi/state";

describe("the builder that the doctor expects", () => {
  it("is the configured one where docker's plugin is installed", () => {
    assert.equal(builderFor("sandbox", "docker", true), "docker");
    assert.equal(builderFor("sandbox", "docker-build", true), "docker-build");
    assert.equal(builderFor("minikube", undefined, true), "docker");
  });

  it("is docker-build in the sandbox without docker's plugin", () => {
    assert.equal(builderFor("sandbox", "docker", false), "docker-build");
  });

  it("is the configured one on other targets without docker's plugin, which is then a finding", () => {
    assert.equal(builderFor("docker-desktop", "docker", false), "docker");
  });
});

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
});
