import assert from "node:assert/strict";

import type { PriorState } from "../../../../components/safeguards/priorState";
import type { LiveObject, Sight } from "../../../../components/targets/endpoints";
import { temporaryFolder } from "../../../../test/unit/helpers/folders";
import { fakeHost, kubeconfigOf } from "../../../../test/unit/helpers/host";
import { nothingBefore } from "../../../../test/unit/helpers/prior";
import { hasOwn, lookAtClaim, seeOwn } from "../../../pulumi/prior";

const key = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } };
const on = (context: string): PriorState => ({
  ...nothingBefore,
  cluster: { context, kubeconfig: undefined, clusterIdentifier: "one" },
  claim: { urn: "", key, uid: "1", mark: undefined, isAdopted: false },
});

describe("The cluster of a stack's state", () => {
  const folder = temporaryFolder();

  it("is asked which it is, and for what marks the namespace", async () => {
    folder.write({ ".kube/config": kubeconfigOf("shop") });
    const look = async (uid: string | undefined, prior = on("shop")): Promise<unknown> =>
      await lookAtClaim(prior, fakeHost({ home: folder.path(), endpoints: { cluster: () => Promise.resolve(uid) } }));
    assert.deepEqual(await look("one"), { sight: "absent", isElsewhere: false });
    assert.deepEqual(await look("two"), { sight: "absent", isElsewhere: true });
    assert.deepEqual(await look(undefined), { sight: "absent", isElsewhere: undefined });
    assert.deepEqual(await look("one", nothingBefore), { sight: undefined, isElsewhere: undefined });
  });
});

describe("A namespace that a command would work in", () => {
  const context = { name: "shop", server: "https://shop", ca: undefined, skipTlsVerify: false, client: undefined };
  const place = { namespace: "shop", context: "shop", stack: "dev" };
  const marked = (id: string): LiveObject => ({
    metadata: {
      name: "shop",
      uid: "2",
      creationTimestamp: "",
      annotations: { "kubernetes-django/stack-id": id, "kubernetes-django/made-by": "stack dev in s3://theirs" },
    },
  });

  it("is the stack's own by the state, whatever the cluster lets its user see", () => {
    assert.equal(hasOwn(on("shop"), marked(nothingBefore.mark.id), place), true);
    assert.equal(hasOwn(on("shop"), "hidden", place), true);
    assert.equal(hasOwn(nothingBefore, "absent", place), false);
  });

  it("is refused when it is another stack's, gone, or nobody can tell", () => {
    const refusals: [prior: PriorState, sight: Sight, message: RegExp][] = [
      [
        nothingBefore,
        marked("theirs"),
        /^Namespace "shop" of kube context "shop" belongs to stack dev in s3:\/\/theirs, /,
      ],
      [on("shop"), "absent", /run `npm run drift -- dev --restore` to make it again\.$/],
      [nothingBefore, "hidden", /does not let you see the namespace "shop" \(403\)/],
      [on("another"), "hidden", /does not let you see the namespace "shop" \(403\)/],
    ];
    for (const [prior, sight, message] of refusals) {
      assert.throws(() => hasOwn(prior, sight, place), { message });
    }
  });

  it("is known by what the state has there, and else by what the config says", async () => {
    const asked = async (prior: PriorState, namespace: string, existingNamespace: boolean): Promise<unknown> => {
      const { endpoints } = fakeHost({ endpoints: { see: (_, { kind }) => Promise.reject(new Error(kind)) } });
      return await seeOwn(context, prior, { namespace, existingNamespace }, endpoints).catch(
        (error: unknown) => (error as Error).message,
      );
    };
    assert.equal(await asked(on("shop"), "shop", true), "Namespace");
    assert.equal(await asked(on("shop"), "team", true), "ConfigMap");
    assert.equal(await asked(nothingBefore, "team", false), "Namespace");
  });
});
