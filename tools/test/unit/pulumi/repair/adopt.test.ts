import assert from "node:assert/strict";

import { adopt, describePending, type Made } from "../../../../pulumi/repair/adopt";
import type { PendingOperation, StackState, StoredResource } from "../../../../pulumi/state";

const prefix = "urn:pulumi:dev::kubernetes-django::django:index:DjangoApp$";

const object = (type: string, name: string, metadata: Record<string, unknown>, rest = {}): StoredResource => ({
  urn: `${prefix}${type}::${name}`,
  type,
  inputs: { apiVersion: "v1", kind: type.split(":").at(-1), metadata },
  ...rest,
});
const made = (resource: StoredResource): Made => ({
  operation: { type: "creating", resource },
  fieldManager: "pulumi-kubernetes-1",
});
const stateOf = (resources: StoredResource[], pending: PendingOperation[] = []): StackState => ({
  version: 3,
  deployment: { manifest: { version: "v3.220.0" }, resources, pending_operations: pending },
});
const adopted = (resources: StoredResource[], ...objects: StoredResource[]): StoredResource[] =>
  adopt(stateOf(resources), objects.map(made)).deployment.resources ?? [];
const outputsOf = ({ inputs }: StoredResource): Record<string, unknown> => ({
  ...inputs,
  __inputs: inputs,
  __fieldManager: "pulumi-kubernetes-1",
  __initialApiVersion: "v1",
});

const namespace = object("kubernetes:core/v1:Namespace", "space", { name: "dev" }, { id: "dev" });
const service = object("kubernetes:core/v1:Service", "app", { name: "app", namespace: "dev" });

describe("An object that was being made when the engine was killed", () => {
  it("becomes a resource of the state, with the manager of its fields", () => {
    assert.deepEqual(adopted([namespace], service), [
      namespace,
      { ...service, id: "dev/app", outputs: outputsOf(service) },
    ]);
  });

  it("is known by its name alone when it is in no namespace", () => {
    assert.equal(adopted([], object("kubernetes:core/v1:Namespace", "space", { name: "dev" }))[0]?.id, "dev");
  });

  it("comes before the one whose place it takes, which is to be deleted", () => {
    const old = object("kubernetes:core/v1:Secret", "key", { name: "key-1", namespace: "dev" }, { id: "dev/key-1" });
    const fresh = object("kubernetes:core/v1:Secret", "key", { name: "key-2", namespace: "dev" });
    assert.deepEqual(adopted([namespace, old, service], fresh), [
      namespace,
      { ...fresh, id: "dev/key-2", outputs: outputsOf(fresh) },
      { ...old, delete: true },
      service,
    ]);
  });

  it("stands for itself beside one that is already to be deleted", () => {
    const old = object("kubernetes:core/v1:Secret", "key", { name: "key-1" }, { id: "key-1", delete: true });
    const fresh = object("kubernetes:core/v1:Secret", "key", { name: "key-2" });
    assert.deepEqual(
      adopted([old], fresh).map(({ id, delete: isOld }) => [id, isOld]),
      [
        ["key-1", true],
        ["key-2", undefined],
      ],
    );
  });

  it("leaves everything else as it is, and nothing pending", () => {
    const pending = [{ type: "updating", resource: namespace }];
    assert.deepEqual(adopt(stateOf([namespace], pending), []), {
      version: 3,
      deployment: { manifest: { version: "v3.220.0" }, resources: [namespace], pending_operations: [] },
    });
  });

  it("is named by what was done to what", () => {
    assert.equal(describePending({ type: "creating", resource: service }), "creating Service app");
  });
});
