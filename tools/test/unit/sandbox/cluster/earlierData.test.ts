import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { moveEarlierData } from "../../../../sandbox/cluster/earlierData";
import { clusterData, clusterFolder, local } from "../../../../sandbox/cluster/kinds";
import { ownEnvironment } from "../../../../../test/unit/helpers/environment";
import { temporaryFolder, writeTree } from "../../../../../test/unit/helpers/folders";

describe("What an earlier release kept in the cache", () => {
  ownEnvironment();
  const folder = temporaryFolder();
  const earlier = {
    "pki/cluster-ca.pem": "authority",
    "etcd/member/snap/db": "objects",
    "volumes/pvc-1/rows": "1",
    "docker/image": "image",
  };

  before(function () {
    if (process.platform !== "linux") {
      this.skip();
    }
  });
  beforeEach(() => {
    process.env["XDG_CACHE_HOME"] = folder.path("cache");
    process.env["XDG_DATA_HOME"] = folder.path("data");
  });

  const move = async (): Promise<void> => {
    fs.mkdirSync(clusterData(local), { recursive: true });
    await moveEarlierData(local, { PATH: process.env["PATH"] });
  };
  const read = (...parts: string[]): string => fs.readFileSync(path.join(...parts), "utf8");
  const assertMoved = (): void => {
    const from = clusterFolder(local);
    const to = clusterData(local);
    assert.deepEqual(fs.readdirSync(to).sort(), ["etcd", "pki", "volumes"]);
    assert.equal(read(to, "etcd/member/snap/db"), "objects");
    assert.equal(read(to, "pki/cluster-ca.pem"), "authority");
    assert.equal(read(to, "volumes/pvc-1/rows"), "1");
    assert.deepEqual(fs.readdirSync(from).sort(), ["docker", "volumes"]);
    // The PersistentVolumes of that release name this path.
    assert.equal(read(from, "volumes/pvc-1/rows"), "1");
    assert.equal(fs.readlinkSync(path.join(from, "volumes")), path.join(to, "volumes"));
  };

  it("is moved to where caches are not cleared, and its volumes keep their paths", async () => {
    writeTree(clusterFolder(local), earlier);
    await move();
    assertMoved();
    await move();
    assertMoved();
  });

  it("is moved to another file system, with modes and times", async function () {
    const other = fs.mkdtempSync("/dev/shm/kdj-");
    try {
      if (fs.statSync(other).dev === fs.statSync(folder.path()).dev) {
        this.skip();
      }
      process.env["XDG_DATA_HOME"] = other;
      writeTree(clusterFolder(local), earlier);
      const rows = path.join(clusterFolder(local), "volumes/pvc-1/rows");
      fs.chmodSync(rows, 0o640);
      fs.utimesSync(rows, 1e9, 1e9);
      await move();
      assertMoved();
      const { mode, mtimeMs } = fs.statSync(path.join(clusterData(local), "volumes/pvc-1/rows"));
      assert.deepEqual([mode & 0o777, mtimeMs], [0o640, 1e12]);
    } finally {
      fs.rmSync(other, { recursive: true });
    }
  });

  it("is moved to the end when the move was interrupted", async () => {
    writeTree(clusterFolder(local), {
      "etcd/member/snap/db": "objects",
      "volumes/pvc-1/rows": "1",
      "docker/image": "",
    });
    writeTree(clusterData(local), { "pki/cluster-ca.pem": "authority", "etcd.partial/member/snap/db": "obj" });
    writeTree(clusterFolder(local), { "pki.moved/cluster-ca.pem": "authority" });
    await move();
    fs.rmSync(path.join(clusterData(local), "etcd.partial"), { recursive: true });
    assertMoved();
  });

  it("never replaces what is there", async () => {
    writeTree(clusterFolder(local), { "etcd/member/snap/db": "old", "volumes/pvc-1/rows": "old" });
    writeTree(clusterData(local), { "etcd/member/snap/db": "new", "volumes/pvc-1/rows": "new" });
    await move();
    for (const file of ["etcd/member/snap/db", "volumes/pvc-1/rows"]) {
      assert.equal(read(clusterData(local), file), "new");
      assert.equal(read(clusterFolder(local), file), "old");
    }
  });

  it("leaves a link for its volumes even in a cache that was cleared", async () => {
    writeTree(clusterData(local), { "volumes/pvc-1/rows": "1" });
    fs.mkdirSync(clusterFolder(local), { recursive: true });
    await move();
    assert.equal(read(clusterFolder(local), "volumes/pvc-1/rows"), "1");
  });
});
