import assert from "node:assert/strict";

import type { Endpoints } from "../../../../../components/targets/endpoints";
import { fakeHost } from "../../../../../test/unit/helpers/host";
import type { Finding } from "../../../../commands/doctor/findings";
import { checkObjects } from "../../../../commands/doctor/objects";
import type { StoredResource } from "../../../../pulumi/state";
import { StackConfig } from "../../../../stack/stackConfig";

const context = { name: "prod", server: "https://prod", ca: undefined, skipTlsVerify: false, client: undefined };
const object = (kind: string, name: string, annotations = {}): StoredResource => ({
  urn: `urn:pulumi:dev::p::kubernetes:core/v1:${kind}::kubernetes-django-${kind.toLowerCase()}`,
  type: `kubernetes:core/v1:${kind}`,
  inputs: { apiVersion: "v1", kind, metadata: {} },
  outputs: { metadata: { name, uid: "1", annotations, ...(kind !== "Namespace" && { namespace: "shop" }) } },
});
const provider = { urn: "urn:p", type: "pulumi:providers:kubernetes", outputs: { context: "prod" } };
const mark = (id: string): object => ({ "kubernetes-django/stack-id": id, "kubernetes-django/made-by": `stack ${id}` });
const resources = [
  provider,
  object("Namespace", "shop", mark("a")),
  object("Secret", "key-1a2b"),
  object("Job", "migrate"),
];
const objects = resources.map((each) => ({ ...each, type: each.type.replace("core/v1:Job", "batch/v1:Job") }));

/** What the doctor finds in a cluster that has some of the objects, and whose namespace has a stack's mark. */
async function find(there: string[], owner = "a", name = "prod"): Promise<Finding[]> {
  const see: Endpoints["see"] = (_, { kind, metadata }) =>
    Promise.resolve(
      there.includes(kind)
        ? { metadata: { name: metadata.name, uid: "1", creationTimestamp: "", annotations: { ...mark(owner) } } }
        : "absent",
    );
  const host = fakeHost({ endpoints: { see } });
  const checked = { stack: "dev", config: StackConfig.in("none"), target: "cluster" as const, host };
  return await checkObjects(checked, { resources: objects }, { ...context, name });
}

describe("the check of what is deployed", () => {
  const restore = "run `npm run drift -- dev --restore`";

  it("finds every object of the state but Jobs, which may end", async () => {
    assert.deepEqual(await find(["Namespace", "Secret"]), [
      { status: "ok", subject: "deployed objects", detail: "2 are there" },
    ]);
  });

  it("names what somebody deleted, and how to get it back", async () => {
    const gone = { status: "failed", subject: "deployed objects", help: restore };
    assert.deepEqual(await find(["Namespace"]), [{ ...gone, detail: "Secret key-1a2b is gone" }]);
    assert.deepEqual(await find([]), [{ ...gone, detail: "Namespace shop, and with it all that was in it, is gone" }]);
  });

  it("names who took the namespace over", async () => {
    assert.deepEqual(await find(["Namespace", "Secret"], "b"), [
      {
        status: "failed",
        subject: "namespace",
        detail: "shop belongs to stack b",
        help: "run `npm run down -- dev`, which clears this stack's state and leaves the namespace as it is",
      },
    ]);
  });

  it("names each app whose namespace was taken over, and looks at the objects of the others", async () => {
    const namespace = object("Namespace", "shop-blog", mark("a"));
    const blog = [
      { urn: "urn:pulumi:dev::p::django:index:DjangoApp::blog", type: "django:index:DjangoApp" },
      { ...namespace, urn: "urn:pulumi:dev::p::kubernetes:core/v1:Namespace::blog-namespace" },
    ];
    const see: Endpoints["see"] = (_, { metadata }) =>
      Promise.resolve(
        metadata.name === "key-1a2b"
          ? "absent"
          : {
              metadata: {
                name: metadata.name,
                uid: "2",
                creationTimestamp: "",
                annotations: { ...mark(metadata.name === "shop" ? "a" : "b") },
              },
            },
      );
    const host = fakeHost({ endpoints: { see } });
    const checked = { stack: "dev", config: StackConfig.in("none"), target: "cluster" as const, host };
    assert.deepEqual(await checkObjects(checked, { resources: [...objects, ...blog] }, context), [
      {
        status: "failed",
        subject: "namespace of app blog",
        detail: 'Stack dev has the namespace "shop-blog" as that of its app "blog", which belongs to stack b now',
        help: "run `pulumi state delete 'urn:pulumi:dev::p::kubernetes:core/v1:Namespace::blog-namespace' --target-dependents --force --stack dev`, which leaves the namespace as it is",
      },
      { status: "failed", subject: "deployed objects", detail: "Secret key-1a2b is gone", help: restore },
    ]);
  });

  it("looks at nothing of another cluster than the state's", async () => {
    assert.deepEqual(await find([], "a", "other"), []);
  });
});
