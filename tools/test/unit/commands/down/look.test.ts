import assert from "node:assert/strict";

import type { PriorState } from "../../../../../components/safeguards/priorState";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";
import { fakeHost, kubeconfigOf, systemError } from "../../../../../test/unit/helpers/host";
import { profileList } from "../../../../../test/unit/helpers/minikube";
import { nothingBefore } from "../../../../../test/unit/helpers/prior";
import { isGone, whichOfState } from "../../../../commands/down/look";
import { StackConfig } from "../../../../stack/stackConfig";

const key = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } };
const on = (context: string): PriorState => ({
  ...nothingBefore,
  cluster: { context, kubeconfig: undefined, clusterIdentifier: "one" },
  claim: { urn: "", key, uid: "1", mark: undefined, isAdopted: false },
});

describe("The cluster that `npm run down` looks at", () => {
  const folder = temporaryFolder();
  const configOf = (more: string): StackConfig => {
    folder.write({ "stack.yaml": `config:\n  kubernetes-django:target: minikube\n${more}` });
    return StackConfig.in(folder.path("stack.yaml"));
  };
  const work = "  kubernetes-django:minikubeProfile: work\n";

  it("is the state's, whatever profile the config names now", () => {
    const ofConfig = { minikubeProfile: "work", kubeContext: undefined };
    const before = { minikubeProfile: "minikube", kubeContext: "minikube" };
    assert.deepEqual(whichOfState(configOf(work), "minikube", on("minikube")), before);
    assert.deepEqual(whichOfState(configOf(work), "minikube", on("work")), ofConfig);
    assert.deepEqual(whichOfState(configOf(work), "minikube", nothingBefore), ofConfig);
  });

  it("is gone only where its profile is, and its context leads nowhere", async () => {
    const commands = Object.fromEntries(
      ["minikube", "work", "shop"].map((profile) => [
        `minikube -p ${profile} profile list -o json`,
        { stdout: profileList({}) },
      ]),
    );
    folder.write({ ".kube/config": kubeconfigOf("shop") });
    const host = fakeHost({ home: folder.path(), commands });
    const silent = fakeHost({
      home: folder.path(),
      commands,
      endpoints: { cluster: () => Promise.reject(systemError("ECONNREFUSED")) },
    });
    const gone = async (context: string, profile: string, on_ = host): Promise<boolean> =>
      await isGone("minikube", { minikubeProfile: profile }, on(context), on_);
    assert.equal(await gone("minikube", "minikube"), false);
    assert.equal(await gone("work", "work"), true);
    assert.equal(await gone("shop", "shop"), false);
    assert.equal(await gone("shop", "shop", silent), true);
    assert.equal(await isGone("docker-desktop", { minikubeProfile: "work" }, on("work"), host), false);
    assert.equal(await isGone("minikube", { minikubeProfile: "work" }, nothingBefore, host), false);
  });
});
