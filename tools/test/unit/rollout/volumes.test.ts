import assert from "node:assert/strict";

import type { Pod, PodEvent } from "../../../rollout/kubernetes";
import { type Claim, diagnoseVolume, mountAdvice } from "../../../rollout/volumes";

const created = { uid: "1", creationTimestamp: "" };
const pod: Pod = { metadata: { name: "web-1", namespace: "shop", ...created }, status: { phase: "Pending" } };
const claimOf = (name: string, spec: object = {}): Claim => ({
  metadata: { name: `kubernetes-django-${name}`, namespace: "shop", ...created },
  spec: { accessModes: ["ReadWriteMany"], ...spec },
});
const failed = (message: string, reason = "ProvisioningFailed"): PodEvent => ({ reason, message, type: "Warning" });

describe("A volume that a pod waits for", () => {
  it("may still come while nobody says why it is not there", () => {
    const waits = { reason: "ExternalProvisioning", message: "Waiting for a volume to be created", type: "Normal" };
    assert.equal(diagnoseVolume(pod, claimOf("media"), [waits]), undefined);
    assert.equal(diagnoseVolume(pod, claimOf("media", { volumeName: "pvc-1" }), [failed("earlier")]), undefined);
  });

  it("is said with the provisioner's last words", () => {
    const said =
      'failed to provision volume with StorageClass "gp3": rpc error: code = InvalidArgument desc = Volume capabilities MULTI_NODE_MULTI_WRITER not supported.';
    assert.deepEqual(diagnoseVolume(pod, claimOf("media"), [failed("earlier"), failed(said)]), {
      subject: "Pod web-1",
      outcome: "does not become ready",
      reason: "ProvisioningFailed",
      detail:
        "the volume kubernetes-django-media is not made (Volume capabilities MULTI_NODE_MULTI_WRITER not supported)",
      log: "",
      nextStep:
        "name a StorageClass whose volumes several nodes can share, with `pulumi config set --path media.storageClass NAME`, or have all pods on one node, with `pulumi config set --path media.accessMode ReadWriteOnce`",
      patience: 3,
    });
  });

  // As the drivers themselves say it.
  for (const message of [
    "NodePath only supports ReadWriteOnce and ReadWriteOncePod (1.22+) access modes",
    "VolumeCapabilities is invalid: specified multi writer with mount access type",
    "invalid volume capabilities requested. Only SINGLE_NODE_WRITER is supported ('accessModes.ReadWriteOnce' on Kubernetes)",
    "multi node access modes are only supported on rbd `block` type volumes",
  ]) {
    it(`cannot be shared by nodes: ${message}`, () => {
      const nextStep = /media\.accessMode ReadWriteOnce`$/;
      assert.match(diagnoseVolume(pod, claimOf("media"), [failed(message)])?.nextStep ?? "", nextStep);
      const one = claimOf("media", { accessModes: ["ReadWriteOnce"] });
      assert.doesNotMatch(diagnoseVolume(pod, one, [failed(message)])?.nextStep ?? "", nextStep);
    });
  }

  for (const event of [
    failed('storageclass.storage.k8s.io "nfs" not found'),
    failed("no persistent volumes available for this claim and no storage class is set", "FailedBinding"),
  ]) {
    it(`has no StorageClass: ${event.message ?? ""}`, () => {
      assert.match(
        diagnoseVolume(pod, claimOf("media"), [event])?.nextStep ?? "",
        /^name one that `kubectl get storageclass` lists, with `pulumi config set --path media.storageClass NAME`$/,
      );
      assert.match(
        diagnoseVolume(pod, claimOf("database"), [event])?.nextStep ?? "",
        /^look with `kubectl --namespace shop describe pvc kubernetes-django-database` .* needs a StorageClass/,
      );
    });
  }

  it("is waited for where the reason may pass", () => {
    assert.equal(diagnoseVolume(pod, claimOf("media"), [failed("out of disk")])?.patience, "rollout");
  });

  it("is on another node, or is not mounted for a reason that the pod's events say", () => {
    const attached = failed('Multi-Attach error for volume "pvc-1" Volume is already used by pod(s) web-0');
    assert.match(mountAdvice({ ...attached, reason: "FailedAttachVolume" }, "shop") ?? "", /^end what has the volume/);
    assert.match(mountAdvice(failed("timed out", "FailedMount"), "shop") ?? "", /describe pods`/);
    assert.equal(mountAdvice(failed("back-off", "BackOff"), "shop"), undefined);
  });
});
