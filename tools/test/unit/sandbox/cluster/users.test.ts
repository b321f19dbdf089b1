import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

import { clusterFolder, local } from "../../../../sandbox/cluster/kinds";
import { startTime } from "../../../../sandbox/cluster/processes";
import { otherProcesses, registerUse, namespacesInUse, whyUsed } from "../../../../sandbox/cluster/users";
import { ownEnvironment } from "../../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";

describe("What uses the sandbox", () => {
  ownEnvironment();
  let other: ChildProcess | undefined;
  const folder = temporaryFolder();

  before(function () {
    if (process.platform !== "linux") {
      this.skip();
    }
  });
  beforeEach(() => {
    process.env["XDG_CACHE_HOME"] = folder.path();
  });
  afterEach(() => {
    other?.kill();
  });

  it("are the processes that registered and run, without one's own", () => {
    assert.deepEqual(otherProcesses(local), []);
    registerUse(local);
    other = spawn("sleep", ["60"]);
    const { pid = 0 } = other;
    const users = path.join(clusterFolder(local), "users");
    fs.writeFileSync(path.join(users, String(pid)), startTime(pid) ?? "");
    // A process that has ended, whose pid another one has now.
    fs.writeFileSync(path.join(users, "1"), "0");
    // One that registers at this moment.
    const partial = `${pid}.partial-${pid}`;
    fs.writeFileSync(path.join(users, partial), "");
    assert.deepEqual(otherProcesses(local), [pid]);
    assert.deepEqual(fs.readdirSync(users).sort(), [String(process.pid), String(pid), partial].sort());
  });

  it("are noted once for many updates of one process", () => {
    const before = process.listenerCount("exit");
    registerUse(local);
    registerUse(local);
    assert.equal(process.listenerCount("exit"), before + 1);
  });

  it("are the stacks whose namespace is labelled or marked, and those that are guests in one", () => {
    const restricted = { "pod-security.kubernetes.io/enforce": "restricted" };
    const namespaces = [
      { metadata: { name: "kube-system" } },
      { metadata: { name: "earlier", labels: restricted } },
      {
        metadata: {
          name: "relabelled",
          labels: { "pod-security.kubernetes.io/enforce": "baseline" },
          annotations: { "kubernetes-django/stack-id": "1" },
        },
      },
      { metadata: { name: "team" } },
      { metadata: { name: "left" } },
      { metadata: { name: "ending", labels: restricted, deletionTimestamp: "2026-01-01T00:00:00Z" } },
    ];
    const objects = [
      { metadata: { name: "kubernetes-django", namespace: "team" } },
      { metadata: { name: "kubernetes-django", namespace: "ending" } },
      { metadata: { name: "kubernetes-django", namespace: "left", deletionTimestamp: "2026-01-01T00:00:00Z" } },
    ];
    assert.deepEqual(namespacesInUse(namespaces, objects), ["earlier", "relabelled", "team"]);
  });

  it("is said in a sentence", () => {
    assert.equal(whyUsed([], []), undefined);
    assert.equal(
      whyUsed(undefined, [7]),
      "its API server does not answer, so a stack may still run in it, and it is used by process 7",
    );
    assert.equal(whyUsed(["shop"], []), "a stack runs in namespace shop");
    assert.equal(
      whyUsed(["blog", "shop"], [7, 8]),
      "stacks run in namespaces blog, shop, and it is used by processes 7, 8",
    );
  });
});
