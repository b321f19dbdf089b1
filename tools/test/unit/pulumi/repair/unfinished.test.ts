import assert from "node:assert/strict";

import { differs } from "../../../../pulumi/repair/unfinished";

type Live = Parameters<typeof differs>[0];

describe("A Deployment in the cluster", () => {
  const template = (image: string): object => ({ spec: { containers: [{ name: "web", image }] } });
  const live = (image: string, ...managers: string[]): Live =>
    ({
      metadata: { managedFields: managers.map((manager) => ({ manager })) },
      spec: { replicas: 1, template: template(image) },
    }) as unknown as Live;

  it("is another version than the state's after a rollout that was cancelled", () => {
    assert.equal(
      differs(live("shop:2", "pulumi-kubernetes-1", "kube-controller-manager"), { template: template("shop:1") }),
      true,
    );
  });

  it("is the state's when only the number of pods differs", () => {
    assert.equal(differs(live("shop:1", "pulumi-kubernetes-1"), { replicas: 3, template: template("shop:1") }), false);
  });

  it("is left alone when somebody changed it by hand", () => {
    assert.equal(
      differs(live("shop:2", "pulumi-kubernetes-1", "kubectl-set"), { template: template("shop:1") }),
      false,
    );
  });

  it("is not compared with a state that knows nothing of it", () => {
    assert.equal(differs(live("shop:2", "pulumi-kubernetes-1"), undefined), false);
  });
});
