import assert from "node:assert/strict";

import { priorOf, type PriorResource } from "../../../components/safeguards/priorState";

const self = { stack: "dev", app: "shop", mark: { id: "new", madeBy: "stack dev" } };
const recorded = { id: "recorded", madeBy: "stack dev of project shop" };
const live = { "kubernetes-django/stack-id": "live", "kubernetes-django/made-by": "stack other" };

const resource = (type: string, name: string, outputs?: Record<string, unknown>): PriorResource => ({
  urn: `urn:pulumi:dev::p::${type}::${name}`,
  type,
  outputs,
});
const object = (kind: string, name: string, metadata: object): PriorResource =>
  resource(`kubernetes:core/v1:${kind}`, name, { metadata });
const namespaceOf = (app: string, metadata: object): PriorResource =>
  object("Namespace", `${app}-namespace`, { name: app, ...metadata });
const namespace = namespaceOf("shop", { uid: "1", annotations: live });
const appOf = (name: string, mark?: object): PriorResource => resource("django:index:DjangoApp", name, { mark });

describe("The state before", () => {
  it("of a stack that was never deployed has nothing but a new mark", () => {
    assert.deepEqual(priorOf([resource("pulumi:pulumi:Stack", "p-dev")], self), {
      ...self,
      cluster: undefined,
      claim: undefined,
      others: [],
      volumes: [],
      hasAutoscaler: false,
    });
  });

  it("has the mark that the stack recorded, whatever a refresh made of the namespace", () => {
    const prior = priorOf([appOf("shop", recorded), namespace], self);
    assert.deepEqual(prior.mark, recorded);
    assert.deepEqual(prior.claim, {
      urn: "urn:pulumi:dev::p::kubernetes:core/v1:Namespace::shop-namespace",
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
    const adopted = namespaceOf("shop", { uid: "1", annotations: forced });
    assert.equal(priorOf([adopted], self).claim?.isAdopted, true);
  });

  it("has the ConfigMap of a stack that is a guest, and no other", () => {
    const others = object("ConfigMap", "settings", { name: "other", namespace: "team" });
    const anchor = object("ConfigMap", "shop-anchor", { name: "kubernetes-django-stack", namespace: "team", uid: "2" });
    assert.deepEqual(priorOf([others, anchor], self).claim?.key, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "kubernetes-django-stack", namespace: "team" },
    });
  });

  it("has the cluster as its provider was configured", () => {
    const outputs = { context: "prod", clusterIdentifier: "one", kubeconfig: "" };
    assert.deepEqual(priorOf([resource("pulumi:providers:kubernetes", "kubernetes", outputs)], self).cluster, {
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
      const spec = { resources: { requests: { storage: "1Gi" } } };
      const volume = resource("kubernetes:core/v1:PersistentVolumeClaim", "data", { metadata, spec });
      assert.deepEqual(priorOf([volume], self).volumes, [
        { name: "data", namespace: "shop", isProtected, size: "1Gi" },
      ]);
    });
  }

  it("has an autoscaler, and nothing that waits to be deleted", () => {
    const autoscaler = resource("kubernetes:autoscaling/v2:HorizontalPodAutoscaler", "shop-autoscaler");
    assert.equal(priorOf([autoscaler], self).hasAutoscaler, true);
    assert.equal(priorOf([{ ...autoscaler, delete: true }], self).hasAutoscaler, false);
    assert.equal(priorOf([autoscaler], { ...self, app: "blog" }).hasAutoscaler, false);
  });

  it("tells the apps of a stack apart, also where the name of one begins with that of another", () => {
    const blogs = { id: "blogs", madeBy: "stack dev of project shop" };
    const state = [
      appOf("shop-blog", blogs),
      namespaceOf("shop-blog", { uid: "2" }),
      appOf("shop", recorded),
      namespace,
      object("Namespace", "extra", { name: "extra", uid: "3" }),
    ];
    const shop = priorOf(state, self);
    assert.deepEqual([shop.mark, shop.claim?.uid], [recorded, "1"]);
    assert.deepEqual(
      shop.others.map(({ app, mark, claim }) => [app, mark, claim?.uid]),
      [["shop-blog", blogs, "2"]],
    );
    const blog = priorOf(state, { ...self, app: "shop-blog" });
    assert.deepEqual([blog.mark, blog.claim?.uid, blog.others.map(({ app }) => app)], [blogs, "2", ["shop"]]);
  });

  it("has a new mark for an app that is new beside another", () => {
    const prior = priorOf([appOf("shop", recorded), namespace], { ...self, app: "blog" });
    assert.deepEqual([prior.mark, prior.claim], [self.mark, undefined]);
  });
});
