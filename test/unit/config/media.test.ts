import assert from "node:assert/strict";

import { loadSettings } from "../../../components/config/settings";
import { configure } from "../helpers/config";
import { isProblem } from "../helpers/problems";

const read = (media: unknown): ReturnType<typeof loadSettings>["uploads"] =>
  loadSettings(configure({ target: "docker-desktop", debug: true, media })).uploads;

describe("The key `media`", () => {
  it("is no volume by default", () => {
    assert.deepEqual(read({}), { media: undefined });
  });

  it("is a volume of the target's form at a path, unless it says more", () => {
    const unset = { storageClass: undefined, accessMode: undefined };
    assert.deepEqual(read({ path: "/app/media/", size: "5Gi" }).media, { path: "/app/media", size: "5Gi", ...unset });
    const all = { path: "/data", size: "1Gi", storageClass: "nfs", accessMode: "ReadWriteMany" };
    assert.deepEqual(read(all).media, all);
  });

  const pathRule = "allowed is the absolute path of a folder that is not the system's, such as /app/media";
  const setPath = "run `pulumi config set --path media.path /app/media`.";
  const size = "1Gi";
  const path = "/app/media";
  const refused: [value: unknown, message: string][] = [
    [{ size }, `Config key "media.path" is not set: ${pathRule}; ${setPath}`],
    ...["media", "/", "/app/../etc", "/a:b", "/tmp", "/usr", "/proc/1", "/run/secrets/x", "/var/run/secrets"].map(
      (each): [unknown, string] => [
        { path: each, size },
        `Config key "media.path" is "${each}": ${pathRule}; ${setPath}`,
      ],
    ),
    [
      { path },
      'Config key "media.size" is not set: allowed is a Kubernetes quantity of at least 1Mi, such as 1Gi; run `pulumi config set --path media.size 1Gi`.',
    ],
    [
      { path, size: "5" },
      'Config key "media.size" is "5": allowed is a Kubernetes quantity of at least 1Mi, such as 1Gi; run `pulumi config set --path media.size 1Gi`.',
    ],
    [
      { path, size, accessMode: "ReadWriteOncePod" },
      'Config key "media.accessMode" is "ReadWriteOncePod": allowed is one of ReadWriteOnce, ReadWriteMany; run `pulumi config set --path media.accessMode ReadWriteOnce`.',
    ],
    [
      { path, size, storageClass: "My Class" },
      'Config key "media.storageClass" is "My Class": allowed is a DNS name (a-z, 0-9, - and ., at most 253); run `pulumi config set --path media.storageClass standard`.',
    ],
    [
      { path, size, storageclass: "nfs" },
      'Config key "media.storageclass" does not exist: the nearest one is "storageClass"; run `pulumi config rm --path media.storageclass`, and `pulumi config set --path media.storageClass VALUE` if you meant that.',
    ],
  ];
  for (const [value, message] of refused) {
    it(`is refused as ${JSON.stringify(value)}`, () => {
      assert.throws(() => read(value), isProblem(message));
    });
  }
});
