import assert from "node:assert/strict";

import type { MediaForm } from "../../../components/app/mediaVolume";
import { refuseOtherVolume } from "../../../components/safeguards/volumeForm";
import type { PriorVolume } from "../../../components/safeguards/priorState";
import type { Sight } from "../../../components/targets/endpoints";
import { fakeHost } from "../helpers/host";
import { volumeBefore } from "../helpers/prior";
import { isProblem } from "../helpers/problems";

const context = { name: "prod", server: "https://prod", ca: undefined, skipTlsVerify: false, client: undefined };
const media: MediaForm = { path: "/app/media", size: "1Gi", storageClass: undefined, accessMode: "ReadWriteOnce" };
const claim = (accessMode: string, storageClassName: string, volumeName?: string): Sight => ({
  metadata: { name: "kubernetes-django-media", uid: "1", creationTimestamp: "" },
  spec: { accessModes: [accessMode], storageClassName, ...(volumeName !== undefined && { volumeName }) },
});

/** @returns whether the update keeps a volume */
async function change(asked: Partial<MediaForm>, live: Sight, volumes: PriorVolume[] = []): Promise<boolean> {
  const { endpoints } = fakeHost({
    endpoints: {
      see: (_, key) => {
        assert.deepEqual(key.metadata, { name: "kubernetes-django-media", namespace: "kubernetes-django" });
        return Promise.resolve(live);
      },
    },
  });
  const before = { stack: "dev", app: "kubernetes-django", volumes };
  return await refuseOtherVolume("kubernetes-django", { ...media, ...asked }, before, context, endpoints);
}

describe("What a volume for uploads keeps", () => {
  const bound = claim("ReadWriteOnce", "standard", "pvc-1");

  it("may be named, or be left to the cluster", async () => {
    assert.equal(await change({}, bound), true);
    assert.equal(await change({ storageClass: "standard" }, bound), true);
  });

  for (const [field, asked, has] of [
    ["accessMode", "ReadWriteMany", "ReadWriteOnce"],
    ["storageClass", "nfs", "standard"],
  ] as const) {
    it(`is its ${field}, whether the state or only the cluster has the volume`, async () => {
      for (const volumes of [[], [volumeBefore("media")]]) {
        await assert.rejects(
          change({ [field]: asked }, bound, volumes),
          isProblem(
            `Config key "media.${field}" is "${asked}", and the volume "kubernetes-django-media" of namespace "kubernetes-django" has "${has}", which a volume keeps; run \`pulumi config set --path media.${field} ${has} --stack dev\`; for another one, copy the files elsewhere, let the volume be deleted without \`media\` and with \`protectData\` false, and set it again.`,
          ),
        );
      }
    });
  }

  it("may change while there is no volume, or where nobody can tell", async () => {
    const asked: Partial<MediaForm> = { accessMode: "ReadWriteMany" };
    assert.equal(await change(asked, claim("ReadWriteOnce", "standard"), [volumeBefore("media")]), false);
    assert.equal(await change(asked, "absent"), false);
    assert.equal(await change(asked, "hidden"), false);
    assert.equal(await change(asked, "hidden", [volumeBefore("media")]), true);
  });
});
