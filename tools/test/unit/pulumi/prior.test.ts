import assert from "node:assert/strict";

import type { PriorState } from "../../../../components/safeguards/priorState";
import { temporaryFolder } from "../../../../test/unit/helpers/folders";
import { fakeHost, kubeconfigOf } from "../../../../test/unit/helpers/host";
import { nothingBefore } from "../../../../test/unit/helpers/prior";
import { lookAtClaim } from "../../../pulumi/prior";

const key = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } };
const on = (context: string): PriorState => ({
  ...nothingBefore,
  cluster: { context, kubeconfig: undefined, clusterIdentifier: "one" },
  claim: { key, uid: "1", mark: undefined, isAdopted: false },
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
