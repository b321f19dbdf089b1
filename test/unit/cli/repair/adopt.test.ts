import assert from "node:assert/strict";

import { adoptPending, describePending } from "../../../../cli/repair/adopt";
import type { PendingOperation, StackState, StoredResource } from "../../../../cli/state";

const prefix = "urn:pulumi:dev::kubernetes-django::django:index:DjangoApp$";

const object = (type: string, name: string, metadata: Record<string, unknown>, rest = {}): StoredResource => ({
  urn: `${prefix}${type}::${name}`,
  type,
  inputs: { __fieldManager: `pulumi-kubernetes-${name}`, metadata },
  ...rest,
});
const creating = (resource: StoredResource): PendingOperation => ({ type: "creating", resource });
const stateOf = (resources: StoredResource[], pending: PendingOperation[]): StackState => ({
  version: 3,
  deployment: { manifest: { version: "v3.220.0" }, resources, pending_operations: pending },
});
const adopted = (resources: StoredResource[], ...pending: PendingOperation[]): StoredResource[] =>
  adoptPending(stateOf(resources, pending)).deployment.resources ?? [];

const namespace = object("kubernetes:core/v1:Namespace", "space", { name: "dev" }, { id: "dev", outputs: { a: 1 } });
const deployment = object("kubernetes:apps/v1:Deployment", "app", { name: "app", namespace: "dev" });

describe("Of operations that were pending when the engine was killed", () => {
  it("an object that was being created becomes a resource, by its name and with its field manager", () => {
    assert.deepEqual(adopted([namespace], creating(deployment)), [
      namespace,
      { ...deployment, id: "dev/app", outputs: deployment.inputs },
    ]);
  });

  it("an object without a namespace is known by its name alone", () => {
    const { id, outputs, ...fresh } = namespace;
    assert.deepEqual({ id, outputs }, { id: "dev", outputs: { a: 1 } });
    assert.equal(adopted([], creating(fresh as StoredResource))[0]?.id, "dev");
  });

  it("one that was being created in another's place comes before it, and the other is to be deleted", () => {
    const old = object("kubernetes:core/v1:Secret", "key", { name: "key-1", namespace: "dev" }, { id: "dev/key-1" });
    const fresh = object("kubernetes:core/v1:Secret", "key", { name: "key-2", namespace: "dev" });
    assert.deepEqual(adopted([namespace, old, deployment], creating(fresh)), [
      namespace,
      { ...fresh, id: "dev/key-2", outputs: fresh.inputs },
      { ...old, delete: true },
      deployment,
    ]);
  });

  it("one whose predecessor is already to be deleted stands for itself", () => {
    const old = object("kubernetes:core/v1:Secret", "key", { name: "key-1" }, { id: "key-1", delete: true });
    const fresh = object("kubernetes:core/v1:Secret", "key", { name: "key-2" });
    assert.deepEqual(
      adopted([old], creating(fresh)).map(({ id, delete: isOld }) => [id, isOld]),
      [
        ["key-1", true],
        ["key-2", undefined],
      ],
    );
  });

  it("an image that was being built is forgotten: it is built again", () => {
    const image: StoredResource = { urn: `${prefix}docker-build:index:Image::app`, type: "docker-build:index:Image" };
    assert.deepEqual(adopted([namespace], creating(image)), [namespace]);
  });

  for (const type of ["updating", "deleting", "reading", "importing"]) {
    it(`one that was ${type} is left to the refresh`, () => {
      assert.deepEqual(adopted([namespace], { type, resource: namespace }), [namespace]);
    });
  }

  it("none is left, and everything else of the state stays as it is", () => {
    assert.deepEqual(adoptPending(stateOf([namespace], [{ type: "updating", resource: namespace }])), {
      version: 3,
      deployment: { manifest: { version: "v3.220.0" }, resources: [namespace], pending_operations: [] },
    });
  });

  it("each is named by what was done to what", () => {
    assert.equal(describePending(creating(deployment)), "creating Deployment app");
  });
});
