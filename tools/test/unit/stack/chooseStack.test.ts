import assert from "node:assert/strict";

import { type ChosenStack, chooseStack } from "../../../stack/chooseStack";
import { temporaryFolder } from "../../../../test/unit/helpers/folders";
import { fakeHost, type FakeHost, kubeconfigOf, systemError } from "../../../../test/unit/helpers/host";

describe("Without an argument the stack", () => {
  const folder = temporaryFolder();
  /** A machine with some kube contexts, of which some answer. */
  const hostWith = (contexts: string[], answering: string[]): FakeHost => {
    folder.write({ ".kube/config": kubeconfigOf(...contexts) });
    return fakeHost({
      home: folder.path(),
      endpoints: {
        cluster: ({ name }) =>
          answering.includes(name) ? Promise.resolve("cluster-1") : Promise.reject(systemError("ECONNREFUSED")),
      },
    });
  };

  const rows: [contexts: string[], answering: string[], choice: ChosenStack][] = [
    [
      ["minikube", "docker-desktop"],
      ["minikube", "docker-desktop"],
      { stack: "dev", reason: "Stack dev: the cluster of kube context docker-desktop answers" },
    ],
    [
      ["minikube", "docker-desktop"],
      ["minikube"],
      { stack: "minikube", reason: "Stack minikube: the cluster of kube context minikube answers" },
    ],
    [
      ["minikube"],
      ["minikube"],
      { stack: "minikube", reason: "Stack minikube: the cluster of kube context minikube answers" },
    ],
    [
      ["docker-desktop"],
      [],
      { stack: "sandbox", reason: "Stack sandbox: kube context docker-desktop does not answer, minikube is not there" },
    ],
    [
      ["staging"],
      ["staging"],
      { stack: "sandbox", reason: "Stack sandbox: kube context docker-desktop is not there, minikube is not there" },
    ],
  ];
  for (const [contexts, answering, choice] of rows) {
    it(`is ${choice.stack} with contexts ${contexts.join(", ")}, answering ${answering.join(", ") || "none"}`, async () => {
      assert.deepEqual(await chooseStack(undefined, hostWith(contexts, answering)), choice);
    });
  }

  it("is sandbox on a machine without a kubeconfig", async () => {
    assert.equal((await chooseStack(undefined, fakeHost({ home: folder.path() }))).stack, "sandbox");
  });

  it("is found in the files that KUBECONFIG names", async () => {
    folder.write({ other: kubeconfigOf("docker-desktop") });
    const host = fakeHost({ home: folder.path(), environment: { KUBECONFIG: folder.path("other") } });
    assert.equal((await chooseStack(undefined, host)).stack, "dev");
  });

  it("is no minikube once docker-desktop answered: minikube is not even asked", async () => {
    const host = hostWith(["minikube", "docker-desktop"], ["minikube", "docker-desktop"]);
    await chooseStack(undefined, host);
    assert.deepEqual(host.probed, ["https://docker-desktop:6443"]);
  });
});

describe("A stack that is named", () => {
  it("is taken without a look at any cluster", async () => {
    const host = fakeHost();
    assert.deepEqual(await chooseStack("staging", host), { stack: "staging", reason: "Stack staging, as you asked" });
    assert.deepEqual(host.probed, []);
  });
});
