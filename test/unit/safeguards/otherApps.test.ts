import assert from "node:assert/strict";

import { refuseForeignOthers } from "../../../components/safeguards/otherApps";
import type { PriorApp } from "../../../components/safeguards/priorState";
import type { LiveObject, Sight } from "../../../components/targets/endpoints";
import { isProblem } from "../helpers/problems";

const mark = { id: "id-1", madeBy: "stack dev of project shop" };
const urn = "urn:pulumi:dev::p::kubernetes:core/v1:Namespace::blog-namespace";
const key = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop-blog" } };
const blog: PriorApp = { app: "blog", mark, claim: { urn, key, uid: "1", mark, isAdopted: false } };
const live = (id: string | undefined, uid = "1"): LiveObject => ({
  metadata: {
    name: "shop-blog",
    uid,
    creationTimestamp: "",
    ...(id !== undefined && {
      annotations: { "kubernetes-django/stack-id": id, "kubernetes-django/made-by": "stack b of project wiki" },
    }),
  },
});
const refuse = async (sight: Sight | undefined): Promise<void> => {
  await refuseForeignOthers({ stack: "dev", others: [{ app: "new", mark, claim: undefined }, blog] }, () =>
    Promise.resolve(sight),
  );
};

describe("The namespaces of a stack's other apps", () => {
  for (const [what, sight] of [
    ["the stack's", live("id-1")],
    ["the stack's, made by a release without marks", live(undefined)],
    ["gone", "absent"],
    ["not to be seen", "hidden"],
    ["in a cluster that is not to be reached", undefined],
  ] as const) {
    it(`may be ${what}`, async () => {
      await refuse(sight);
    });
  }

  it("may not be another stack's by now", async () => {
    await assert.rejects(
      refuse(live("id-2")),
      isProblem(
        `Stack dev has the namespace "shop-blog" as that of its app "blog", which belongs to stack b of project wiki now; run \`pulumi state delete '${urn}' --target-dependents --force --stack dev\`, which leaves the namespace as it is.`,
      ),
    );
  });

  it("may not be made by somebody else since", async () => {
    await assert.rejects(refuse(live(undefined, "2")), /which was made by somebody else since; run/);
  });
});
