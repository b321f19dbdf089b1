import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import type { PriorState } from "../../../components/safeguards/priorState";
import { refuseResize } from "../../../components/safeguards/volumeSize";
import type { LiveObject, Sight } from "../../../components/targets/endpoints";
import type { FlatSettings } from "../helpers/config";
import { changed, fakeHost, settings } from "../helpers/host";
import { nothingBefore, volumeBefore } from "../helpers/prior";
import { isProblem } from "../helpers/problems";

const context = { name: "prod", server: "https://prod", ca: undefined, skipTlsVerify: false, client: undefined };
const metadata = { name: "", uid: "1", creationTimestamp: "" };
const volume = (storage: string, storageClassName?: string): LiveObject => ({
  metadata,
  spec: { resources: { requests: { storage } }, ...(storageClassName !== undefined && { storageClassName }) },
});
const prior = (size?: string): PriorState => ({
  ...nothingBefore,
  volumes: [volumeBefore("database", { isProtected: false, size })],
});

interface Cluster {
  claim?: Sight;
  storageClass?: Sight;
}

/** @returns what the cluster was asked for */
async function resize(
  asked: string | undefined,
  before: PriorState,
  { claim = "absent", storageClass = "absent" }: Cluster,
  more: Partial<FlatSettings> = {},
): Promise<string[]> {
  const seen: string[] = [];
  const { endpoints } = fakeHost({
    endpoints: {
      see: (_, key) => {
        seen.push(`${key.kind} ${key.metadata.name}`);
        return Promise.resolve(key.kind === "StorageClass" ? storageClass : claim);
      },
    },
  });
  await refuseResize(
    changed(settings, { database: "postgres", databaseStorage: asked, ...more }),
    before,
    context,
    endpoints,
  );
  return seen;
}

describe("The size of a volume", () => {
  const has = (asked: string): string =>
    `Config key "databaseStorage" is "${asked}", and the volume "kubernetes-django-database" of namespace "kubernetes-django" has "1Gi"`;
  const back = "run `pulumi config set databaseStorage 1Gi --stack dev`";

  it("is not asked for when it stays, or when there is no such volume", async () => {
    assert.deepEqual(await resize("1Gi", prior("1Gi"), {}), []);
    const url = { databaseUrl: pulumi.secret("postgres://shop:pa55word@db.test/shop") };
    assert.deepEqual(await resize("1Mi", prior("1Gi"), {}, url), []);
    assert.deepEqual(await resize(undefined, prior("1Gi"), {}, { database: "sqlite" }), []);
  });

  it("is that of SQLite's file, if that is kept", async () => {
    const kept = await resize("1Gi", nothingBefore, {}, { database: "sqlite" });
    assert.deepEqual(kept, ["PersistentVolumeClaim kubernetes-django-sqlite"]);
  });

  it("is that of Redis' data, too", async () => {
    const redis = { database: "sqlite", redis: "namespace", redisStorage: "512Mi" } as const;
    await assert.rejects(
      resize(undefined, nothingBefore, { claim: volume("1Gi") }, redis),
      isProblem(
        'Config key "redisStorage" is "512Mi", and the volume "kubernetes-django-redis" of namespace "kubernetes-django" has "1Gi": a volume cannot be made smaller; run `pulumi config set redisStorage 1Gi --stack dev`.',
      ),
    );
  });

  it("is asked for beside that of the uploads, which is named by a key of its own", async () => {
    const media = { path: "/app/media", size: "512Mi", storageClass: undefined, accessMode: undefined };
    assert.deepEqual(await resize("1Gi", nothingBefore, {}, { media }), [
      "PersistentVolumeClaim kubernetes-django-database",
      "PersistentVolumeClaim kubernetes-django-media",
    ]);
    await assert.rejects(
      resize("1Gi", prior("1Gi"), { claim: volume("1Gi") }, { media }),
      isProblem(
        'Config key "media.size" is "512Mi", and the volume "kubernetes-django-media" of namespace "kubernetes-django" has "1Gi": a volume cannot be made smaller; run `pulumi config set --path media.size 1Gi --stack dev`.',
      ),
    );
  });

  it("may be anything where there is none yet, and the same in other words", async () => {
    assert.deepEqual(await resize("1Gi", nothingBefore, {}), ["PersistentVolumeClaim kubernetes-django-database"]);
    assert.deepEqual(await resize("1024Mi", prior("1Gi"), { claim: volume("1Gi") }), [
      "PersistentVolumeClaim kubernetes-django-database",
    ]);
  });

  it("gets no smaller, whether the state or only the cluster has the volume", async () => {
    const message = `${has("512Mi")}: a volume cannot be made smaller; ${back}.`;
    await assert.rejects(resize("512Mi", prior("1Gi"), { claim: volume("1Gi") }), isProblem(message));
    await assert.rejects(resize("512Mi", prior("1Gi"), { claim: "hidden" }), isProblem(message));
    await assert.rejects(resize("512Mi", nothingBefore, { claim: volume("1Gi") }), isProblem(message));
  });

  it("gets larger where its StorageClass allows that, or nobody can tell", async () => {
    const claim = volume("1Gi", "fast");
    assert.deepEqual(
      await resize("5Gi", prior("1Gi"), { claim, storageClass: { metadata, allowVolumeExpansion: true } }),
      ["PersistentVolumeClaim kubernetes-django-database", "StorageClass fast"],
    );
    await resize("5Gi", prior("1Gi"), { claim, storageClass: "hidden" });
    await resize("5Gi", prior("1Gi"), { claim: "hidden" });
    // Somebody made it larger by hand.
    await resize("5Gi", prior("1Gi"), { claim: volume("5Gi") });
  });

  for (const [title, storageClass] of [
    ["does not", { metadata }],
    ["is gone", "absent"],
  ] as const) {
    it(`gets no larger where its StorageClass ${title}`, async () => {
      await assert.rejects(
        resize("5Gi", prior("1Gi"), { claim: volume("1Gi", "fast"), storageClass }),
        isProblem(
          `${has("5Gi")}: its StorageClass "fast" does not let it be made larger; ${back}, or ask the cluster's administrator for \`allowVolumeExpansion: true\` in that StorageClass.`,
        ),
      );
    });
  }

  it("gets no larger where it has no StorageClass", async () => {
    await assert.rejects(
      resize("5Gi", prior("1Gi"), { claim: volume("1Gi", "") }),
      isProblem(`${has("5Gi")}: it has no StorageClass, and cannot be made larger; ${back}.`),
    );
  });
});
