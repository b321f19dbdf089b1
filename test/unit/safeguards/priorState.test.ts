import assert from "node:assert/strict";

import { priorOf, type PriorResource } from "../../../components/safeguards/priorState";

const self = { stack: "dev", mark: { id: "new", madeBy: "stack dev" } };
const recorded = { id: "recorded", madeBy: "stack dev of project shop" };
const live = { "kubernetes-django/stack-id": "live", "kubernetes-django/made-by": "stack other" };

const object = (kind: string, metadata: object, more: Partial<PriorResource> = {}): PriorResource => ({
  type: `kubernetes:core/v1:${kind}`,
  outputs: { metadata },
  ...more,
});
const namespace = object("Namespace", { name: "shop", uid: "1", annotations: live });

describe("The state before", () => {
  it("of a stack that was never deployed has nothing but a new mark", () => {
    assert.deepEqual(priorOf([{ type: "pulumi:pulumi:Stack" }], self), {
      ...self,
      cluster: undefined,
      claim: undefined,
      volumes: [],
      hasAutoscaler: false,
    });
  });

  it("has the mark that the stack recorded, whatever a refresh made of the namespace", () => {
    const prior = priorOf([{ type: "django:index:DjangoApp", outputs: { mark: recorded } }, namespace], self);
    assert.deepEqual(prior.mark, recorded);
    assert.deepEqual(prior.claim, {
      key: { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } },
      uid: "1",
      mark: { id: "live", madeBy: "stack other" },
      isAdopted: false,
    });
  });

  it("has the namespace's mark where an interruption left no record", () => {
    assert.equal(priorOf([namespace], self).mark.id, "live");
  });

  it("says that the namespace was adopted where fields are taken by force", () => {
    const forced = { ...live, "pulumi.com/patchForce": "true" };
    const adopted = object("Namespace", { name: "shop", uid: "1", annotations: forced });
    assert.equal(priorOf([adopted], self).claim?.isAdopted, true);
  });

  it("has the ConfigMap of a stack that is a guest, and no other", () => {
    const labels = { "kubernetes-django/anchor": "true" };
    const others = object("ConfigMap", { name: "other", namespace: "team" });
    const anchor = object("ConfigMap", { name: "kubernetes-django-stack", namespace: "team", uid: "2", labels });
    assert.deepEqual(priorOf([others, anchor], self).claim?.key, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "kubernetes-django-stack", namespace: "team" },
    });
  });

  it("has the cluster as its provider was configured", () => {
    const outputs = { context: "prod", clusterIdentifier: "one", kubeconfig: "" };
    assert.deepEqual(priorOf([{ type: "pulumi:providers:kubernetes", outputs }], self).cluster, {
      context: "prod",
      clusterIdentifier: "one",
      kubeconfig: undefined,
    });
  });

  for (const [annotations, isProtected] of [
    [{ "kubernetes-django/protected": "true" }, true],
    [{ "kubernetes-django/protected": "false" }, false],
    [{}, true],
  ] as const) {
    it(`has a volume that is ${isProtected ? "" : "not "}protected with ${JSON.stringify(annotations)}`, () => {
      const metadata = { name: "data", namespace: "shop", annotations };
      const spec = {
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: "1Gi" } },
        storageClassName: "standard",
      };
      const volume = object("PersistentVolumeClaim", metadata, { outputs: { metadata, spec } });
      const known = { size: "1Gi", storageClass: "standard", accessMode: "ReadWriteOnce" };
      assert.deepEqual(priorOf([volume], self).volumes, [{ name: "data", namespace: "shop", isProtected, ...known }]);
    });
  }

  it("has an autoscaler, and nothing that waits to be deleted", () => {
    const type = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
    assert.equal(priorOf([{ type }], self).hasAutoscaler, true);
    assert.equal(priorOf([{ type, delete: true }], self).hasAutoscaler, false);
  });
});
