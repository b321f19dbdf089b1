import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

import { dataFolder } from "../../../../../components/targets/sandbox";
import { stopCluster } from "../../../../sandbox/cluster/cluster";
import { clusterData, clusterFolder, local } from "../../../../sandbox/cluster/kinds";
import { type ClusterPlan, readPlan, writePlan } from "../../../../sandbox/cluster/plan";
import { isAlive, ownerOf, removeAbandonedData, useTemporaryData } from "../../../../sandbox/cluster/temporaryData";
import { ownEnvironment } from "../../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";

describe("Data for the time of one process", () => {
  ownEnvironment();
  const folder = temporaryFolder();

  before(function () {
    if (process.platform !== "linux") {
      this.skip();
    }
  });
  beforeEach(() => {
    Object.assign(process.env, { TMPDIR: folder.path(), XDG_CACHE_HOME: folder.path("cache") });
    process.env["XDG_DATA_HOME"] = folder.path("kept");
  });

  /** Those of a process that has ended without deleting them. */
  const abandon = async (): Promise<string> => {
    await useTemporaryData();
    const data = clusterData(local);
    const { pid } = spawnSync("true");
    fs.writeFileSync(path.join(dataFolder(), "owner.json"), JSON.stringify({ pid, started: "1" }));
    process.env["XDG_DATA_HOME"] = folder.path("kept");
    return data;
  };

  it("are used by it and its children instead of the user's, and deleted at the end", async () => {
    const kept = clusterData(local);
    const remove = await useTemporaryData();
    const data = clusterData(local);
    assert.notEqual(data, kept);
    const owner = await ownerOf(data);
    assert.equal(owner?.pid, process.pid);
    assert.ok(isAlive(owner));
    await remove();
    assert.equal(clusterData(local), kept);
    assert.deepEqual(fs.readdirSync(folder.path()), []);
  });

  it("are deleted later if it was killed, unless a cluster may still use them", async () => {
    const data = await abandon();
    const remove = await useTemporaryData();
    await removeAbandonedData([data]);
    assert.equal(fs.readdirSync(folder.path()).length, 2);
    await removeAbandonedData([]);
    assert.equal(fs.existsSync(data.slice(0, data.indexOf("/kubernetes-django/"))), false);
    assert.ok(await ownerOf(clusterData(local)));
    await remove();
  });

  it("are nobody's when there is no owner beside them", async () => {
    assert.equal(await ownerOf(clusterData(local)), undefined);
  });

  it("are not stopped from outside while it runs", async () => {
    const remove = await useTemporaryData();
    const plan = { data: clusterData(local) } as ClusterPlan;
    process.env["XDG_DATA_HOME"] = folder.path("kept");
    fs.mkdirSync(clusterFolder(local), { recursive: true });
    writePlan(clusterFolder(local), plan);
    assert.deepEqual(await stopCluster(local), { stopped: false });
    assert.deepEqual(await readPlan(clusterFolder(local)), plan);
    await remove();
  });
});
