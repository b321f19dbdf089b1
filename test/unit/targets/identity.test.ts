import assert from "node:assert/strict";

import type { Sight } from "../../../components/targets/endpoints";
import { type ClusterEvidence, identityOf } from "../../../components/targets/identity";
import { isProblem } from "../helpers/problems";

const url = "https://api.test:6443";
const namespace = (uid: string): Sight => ({
  metadata: { name: "shop", uid, creationTimestamp: "2026-01-01T00:00:00Z" },
});
const claim = {
  urn: "",
  key: { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } },
  uid: "ours",
  mark: undefined,
  isAdopted: false,
};

/** Evidence about a stack that was deployed to the cluster `before` of the context `prod`. */
const evidence = (before: string | undefined, more: Partial<ClusterEvidence> = {}): ClusterEvidence => ({
  context: { name: "prod", server: url },
  uid: undefined,
  sight: "absent",
  prior: {
    cluster: { context: "prod", kubeconfig: undefined, clusterIdentifier: before },
    claim,
  },
  ...more,
});

describe("The identity of a cluster", () => {
  const cases: [title: string, evidence: ClusterEvidence, identity: string][] = [
    ["is its uid for a new stack", evidence(undefined, { uid: "one" }), "one"],
    ["is its URL for a new stack whose user may not read the uid", evidence(undefined), url],
    ["is the uid that it has always been", evidence("one", { uid: "one" }), "one"],
    ["is another uid, once that was read", evidence("one", { uid: "two" }), "two"],
    ["stays when the uid cannot be read in the same context", evidence("one"), "one"],
    [
      "stays when the uid cannot be read and the stack's own namespace is there, in whatever context",
      evidence("one", { context: { name: "mine", server: url }, sight: namespace("ours") }),
      "one",
    ],
    [
      "stays when the URL is another and the uid cannot be read",
      evidence("one", { context: { name: "prod", server: "https://other" } }),
      "one",
    ],
    ["stays a URL for a user who may read the uid", evidence(url, { uid: "one" }), url],
    [
      "stays a URL when the server has another one and the stack's own namespace",
      evidence("https://other", { uid: "one", sight: namespace("ours") }),
      "https://other",
    ],
    [
      "stays a URL when the namespace may not be seen",
      evidence("https://other", { uid: "one", sight: "hidden" }),
      "https://other",
    ],
    [
      "is the uid of a server with another URL that has not the stack's namespace",
      evidence("https://other", { uid: "one", sight: namespace("theirs") }),
      "one",
    ],
  ];
  for (const [title, given, identity] of cases) {
    it(title, () => {
      assert.equal(identityOf(given), identity);
    });
  }

  it("is a problem in another context whose cluster does not say which it is", () => {
    assert.throws(
      () => identityOf(evidence("one", { context: { name: "mine", server: url } })),
      isProblem(
        'The cluster of kube context "mine" does not say which one it is, since you may not get its namespace kube-system, and the stack was deployed to that of "prod"; run `pulumi config set kubeContext prod` if it is the same, or ask for the right to get the namespace kube-system.',
      ),
    );
  });
});
