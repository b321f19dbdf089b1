import assert from "node:assert/strict";
import fs from "node:fs/promises";

import { readMounts, unmountBelow } from "../../../../sandbox/cluster/mounts";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";

const line = (mount: string): string => `overlay ${mount} overlay rw,relatime 0 0\n`;

describe("The mounts", () => {
  const folder = temporaryFolder();
  const { readFile } = fs;
  let tables: string[] = [];

  beforeEach(() => {
    fs.readFile = ((file: string) => {
      assert.equal(file, "/proc/self/mounts");
      return Promise.resolve(tables.length > 1 ? tables.shift() : tables[0]);
    }) as typeof readFile;
  });
  afterEach(() => {
    fs.readFile = readFile;
  });

  it("are read with the kernel's escapes decoded", async () => {
    tables = [line("/") + line("/a\\040b\\011c\\134d") + line("/e\\0401")];
    assert.deepEqual(await readMounts(), ["/", "/a b\tc\\d", "/e 1"]);
  });

  it("below a folder are unmounted, the innermost first, and no others", async () => {
    folder.write({ "bin/umount": { executable: `#!/bin/sh\necho "$@" >>${folder.path("log")}\n` } });
    const mounts = ["/x", "/x/docker", "/x/docker/overlay2/1", "/x/kubelet", "/xy/docker", "/"].map(line).join("");
    tables = [mounts, line("/x/kubelet") + line("/xy/docker")];
    await unmountBelow("/x", { PATH: `${folder.path("bin")}:/usr/bin:/bin` });
    fs.readFile = readFile;
    const log = await fs.readFile(folder.path("log"), "utf8");
    assert.deepEqual(log.trimEnd().split("\n"), [
      "/x/kubelet",
      "/x/docker/overlay2/1",
      "/x/docker",
      "--lazy /x/kubelet",
    ]);
  });
});
