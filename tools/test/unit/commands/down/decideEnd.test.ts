import assert from "node:assert/strict";

import type { PriorState } from "../../../../../components/safeguards/priorState";
import type { LiveObject } from "../../../../../components/targets/endpoints";
import { nothingBefore } from "../../../../../test/unit/helpers/prior";
import { isProblem } from "../../../../../test/unit/helpers/problems";
import { decideEnd, type End } from "../../../../commands/down/decideEnd";
import type { Look } from "../../../../pulumi/prior";

const prior: PriorState = {
  ...nothingBefore,
  cluster: { context: "prod", kubeconfig: undefined, clusterIdentifier: "one" },
  claim: {
    urn: "urn:pulumi:dev::p::kubernetes:core/v1:Namespace::kubernetes-django-namespace",
    key: { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } },
    uid: "1",
    mark: nothingBefore.mark,
    isAdopted: false,
  },
};
const marked = (id?: string, uid = "1"): LiveObject => ({
  metadata: {
    name: "shop",
    uid,
    creationTimestamp: "",
    ...(id !== undefined && {
      annotations: { "kubernetes-django/stack-id": id, "kubernetes-django/made-by": "stack b" },
    }),
  },
});
const volume = {
  urn: "urn:pulumi:dev::p::kubernetes:core/v1:PersistentVolumeClaim::data",
  type: "kubernetes:core/v1:PersistentVolumeClaim",
  id: "shop/data",
  protect: true,
};
const end = (look: Partial<Look>, isProtected = false): End =>
  decideEnd("dev", { resources: isProtected ? [volume] : [] }, prior, { sight: "absent", isElsewhere: false, ...look });
const at = 'Namespace "shop" of kube context "prod"';
const keeps = /^Error: Stack dev keeps data in the volume "data" \(protectData is true\), so nothing was destroyed;/;

describe("`npm run down`", () => {
  it("destroys what is the stack's", () => {
    assert.deepEqual(end({ sight: marked(nothingBefore.mark.id) }), { action: "destroy" });
    assert.deepEqual(end({ sight: marked() }), { action: "destroy" });
  });

  it("refuses while data of the stack is protected", () => {
    assert.throws(() => end({ sight: marked(nothingBefore.mark.id) }, true), keeps);
  });

  it("names every volume that is protected", () => {
    const deployment = { resources: [volume, { ...volume, id: "shop/kubernetes-django-redis" }] };
    assert.throws(
      () => decideEnd("dev", deployment, prior, { sight: marked(nothingBefore.mark.id), isElsewhere: false }),
      isProblem(
        'Stack dev keeps data in the volumes "data" and "kubernetes-django-redis" (protectData is true), so nothing was destroyed; to delete them with the data, run `pulumi config set protectData false --stack dev`, `npm run up -- dev` and `npm run down -- dev`.',
      ),
    );
  });

  for (const [sight, whose] of [
    [marked("theirs"), "belongs to stack b now"],
    [marked(undefined, "2"), "was made by somebody else since"],
  ] as const) {
    it(`clears only the state of a namespace that ${whose}, whatever is protected`, () => {
      const reason = `${at} ${whose} and stays`;
      assert.deepEqual(end({ sight }), { action: "clear", reason });
      assert.deepEqual(end({ sight }, true), { action: "clear", reason });
    });

    it(`keeps a state with protected data on a cluster that may be another than where one ${whose}`, () => {
      assert.throws(() => end({ sight, isElsewhere: true }, true), keeps);
      assert.throws(() => end({ sight, isElsewhere: undefined }, true), keeps);
    });
  }

  it("lets protected data go that went with the namespace, on the state's own cluster only", () => {
    const reason = `${at} was deleted with all that was in it`;
    assert.deepEqual(end({}, true), { action: "unprotect", reason });
    assert.throws(() => end({ isElsewhere: true }, true), keeps);
    assert.throws(() => end({ isElsewhere: undefined }, true), keeps);
  });

  it("destroys nothing of a namespace that may not be seen", () => {
    assert.throws(
      () => end({ sight: "hidden" }),
      isProblem(
        `${at} may not be seen by you (403), so that nobody can tell whose it is, and nothing was destroyed; ask for the right to get it, and run \`npm run down -- dev\` again.`,
      ),
    );
  });

  it("refuses to clear the state of several apps where one namespace is another stack's", () => {
    const blog = { app: "blog", mark: nothingBefore.mark, claim: prior.claim };
    const decide = (isElsewhere: boolean): End =>
      decideEnd("dev", {}, { ...prior, others: [blog] }, { sight: marked("b"), isElsewhere });
    assert.throws(
      () => decide(false),
      /^Error: Stack dev has the namespace "shop" as that of its app "kubernetes-django", which belongs to stack b now;/,
    );
    assert.equal(decide(true).action, "clear");
  });
});
