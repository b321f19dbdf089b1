import assert from "node:assert/strict";

import type { KubeContext } from "../../../../../components/targets/kubeconfig";
import { isProblem } from "../../../../../test/unit/helpers/problems";
import { always, localServers } from "../../../../../test/unit/helpers/servers";
import { fieldManagerOf, objectKey } from "../../../../pulumi/repair/live";
import type { StoredResource } from "../../../../pulumi/state";

const service: StoredResource = {
  urn: "urn:pulumi:dev::shop::kubernetes:core/v1:Service::app",
  type: "kubernetes:core/v1:Service",
  inputs: { apiVersion: "v1", kind: "Service", metadata: { name: "app", namespace: "shop" } },
};

describe("The manager of an object's fields", () => {
  const { serve } = localServers();
  const ask = async (status: number, body: object, resource = service): Promise<string | undefined> => {
    const server = `http://127.0.0.1:${await serve(always(status, body))}`;
    const context: KubeContext = { name: "dev", server, ca: undefined, skipTlsVerify: false, client: undefined };
    return await fieldManagerOf(context, resource);
  };
  const managedBy = (...managedFields: object[]): object => ({ metadata: { name: "app", managedFields } });

  it("is the one under which the Kubernetes provider applied it", async () => {
    const fields = managedBy(
      { manager: "kubectl", operation: "Apply" },
      { manager: "pulumi-kubernetes-1", operation: "Update" },
      { manager: "pulumi-kubernetes-2", operation: "Apply" },
    );
    assert.equal(await ask(200, fields), "pulumi-kubernetes-2");
  });

  it("is none for a namespace that somebody else made under the same name", async () => {
    const mark = (id: string): object => ({ annotations: { "kubernetes-django/stack-id": id } });
    const made = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop", ...mark("ours") } };
    const resource = { urn: "", type: "kubernetes:core/v1:Namespace", inputs: made };
    const fields = [{ manager: "pulumi-kubernetes-2", operation: "Apply" }];
    const asked = async (id: string): Promise<string | undefined> =>
      await ask(200, { metadata: { name: "shop", managedFields: fields, ...mark(id) } }, resource);
    assert.equal(await asked("ours"), "pulumi-kubernetes-2");
    assert.equal(await asked("theirs"), undefined);
  });

  it("is none for an object that the provider did not apply, or that is not there", async () => {
    assert.equal(await ask(200, managedBy({ manager: "kubectl", operation: "Apply" })), undefined);
    assert.equal(await ask(200, { metadata: { name: "app" } }), undefined);
    assert.equal(await ask(404, {}), undefined);
  });

  it("is not taken for none when the cluster refuses to say", async () => {
    await assert.rejects(
      ask(401, {}),
      isProblem(
        'The cluster of kube context "dev" answers 401 to GET /api/v1/namespaces/shop/services/app; your credentials for it are wrong or have expired: sign in to it again, and then run this again.',
      ),
    );
  });
});

describe("The object of a resource", () => {
  it("is named by its inputs", () => {
    assert.deepEqual(objectKey(service), {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "app", namespace: "shop" },
    });
  });

  it("is in no namespace when the inputs name none", () => {
    const inputs = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } };
    assert.deepEqual(objectKey({ urn: "", type: "kubernetes:core/v1:Namespace", inputs }), inputs);
  });

  it("is none without a name, and for other providers", () => {
    const inputs = { apiVersion: "v1", kind: "Secret", metadata: {} };
    assert.equal(objectKey({ urn: "", type: "kubernetes:core/v1:Secret", inputs }), undefined);
    assert.equal(
      objectKey({ urn: "", type: "docker-build:index:Image", inputs: { metadata: { name: "a" } } }),
      undefined,
    );
    assert.equal(objectKey({ urn: "", type: "pulumi:providers:kubernetes" }), undefined);
  });
});
