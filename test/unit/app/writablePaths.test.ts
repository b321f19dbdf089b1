import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";

import { copyIn } from "../../../components/app/writablePaths";
import { deploy, podOf, types } from "../helpers/app";
import { ownEnvironment } from "../helpers/environment";
import { temporaryFolder } from "../helpers/folders";

describe("Folders that processes can write to", () => {
  ownEnvironment();
  const folder = temporaryFolder();
  const writablePaths = ["/app/media", "/var/lib/shop"];

  it("are none without paths", () => {
    assert.equal(copyIn([]), undefined);
  });

  it("are volumes in the folders' places, which another container fills before", () => {
    const { container, mounts, volumes } = copyIn(writablePaths) ?? assert.fail();
    assert.deepEqual(container.volumeMounts, [
      { name: "writable-0", mountPath: "/writable-paths/app/media" },
      { name: "writable-1", mountPath: "/writable-paths/var/lib/shop" },
    ]);
    assert.deepEqual(mounts, [
      { name: "writable-0", mountPath: "/app/media" },
      { name: "writable-1", mountPath: "/var/lib/shop" },
    ]);
    assert.deepEqual(volumes, [
      { name: "writable-0", emptyDir: {} },
      { name: "writable-1", emptyDir: {} },
    ]);
  });

  /** Copies folders as the container does; returns where the copy of the first one is. */
  const copied = (...paths: [string, ...string[]]): string => copiedWith({}, ...paths);
  const copiedWith = (options: Parameters<typeof copyIn>[1], ...paths: [string, ...string[]]): string => {
    const { command } = copyIn(paths, options)?.container ?? assert.fail();
    const [shell = "", ...words] = (command as string[]).map((word) =>
      word.replace("/writable-paths", folder.path("staging")),
    );
    const staged = folder.path("staging", paths[0]);
    fs.mkdirSync(staged, { recursive: true });
    execFileSync(shell, words);
    return staged;
  };

  it("have what the image has there, and nothing where it has nothing", () => {
    folder.write({ "my media/a.png": "a", "my media/.hidden/run": { executable: "#!/bin/sh\n" } });
    const staged = copied(folder.path("my media"), folder.path("none"));
    assert.deepEqual(fs.readdirSync(staged).sort(), [".hidden", "a.png"]);
    assert.equal(fs.readFileSync(`${staged}/a.png`, "utf8"), "a");
    assert.equal(fs.statSync(`${staged}/.hidden/run`).mode & 0o111, 0o111);
  });

  it("are writable for their owner where the image has them read-only", () => {
    folder.write({
      "media/a.png": "a",
      "media/deep/b.png": "b",
      "media/.hidden": "c",
      "media/away": { symlink: folder.path("read-only") },
      "read-only": "",
    });
    for (const [name, mode] of Object.entries({ "deep/b.png": 0o444, deep: 0o555, "a.png": 0o444, ".hidden": 0o400 })) {
      fs.chmodSync(folder.path("media", name), mode);
    }
    fs.chmodSync(folder.path("read-only"), 0o444);
    const staged = copied(folder.path("media"));
    const modes = ["a.png", "deep", "deep/b.png", ".hidden"].map(
      (name) => fs.statSync(`${staged}/${name}`).mode & 0o777,
    );
    assert.deepEqual(modes, [0o644, 0o755, 0o644, 0o600]);
    assert.ok(fs.lstatSync(`${staged}/away`).isSymbolicLink());
    assert.equal(fs.statSync(folder.path("read-only")).mode & 0o777, 0o444);
  });

  it("keep their owners where root copies them, as its process may run as another user, who may write to the folder itself", () => {
    folder.write({ "bin/id": { executable: "#!/bin/sh\necho 0\n" }, "media/a.png": "a" });
    const longAgo = new Date(0);
    fs.utimesSync(folder.path("media/a.png"), longAgo, longAgo);
    fs.chmodSync(folder.path("media"), 0o755);
    process.env["PATH"] = `${folder.path("bin")}:${process.env["PATH"] ?? ""}`;
    const modified = (media: string): number => fs.statSync(`${media}/a.png`).mtimeMs;
    const staged = copiedWith({ keepsOwners: true }, folder.path("media"));
    // What keeps a file's owner keeps its time.
    assert.equal(modified(staged), 0);
    assert.equal(fs.statSync(staged).mode & 0o777, 0o777);
    folder.write({ "bin/id": { executable: "#!/bin/sh\necho 1000\n" } });
    fs.rmSync(staged, { recursive: true });
    assert.notEqual(modified(copiedWith({ keepsOwners: true }, folder.path("media"))), 0);
  });

  it("have what an empty folder has", () => {
    fs.mkdirSync(folder.path("empty"));
    assert.deepEqual(fs.readdirSync(copied(folder.path("empty"))), []);
  });

  it("fail the pod where they cannot be copied", () => {
    folder.write({ "media/a.png": "a" });
    const { command } = copyIn([folder.path("media")])?.container ?? assert.fail();
    const [shell = "", ...words] = (command as string[]).map((word) =>
      word.replace("/writable-paths", folder.path("gone")),
    );
    assert.throws(() => execFileSync(shell, words, { stdio: "ignore" }), { status: 1 });
  });

  it("are in every pod of the app, filled by its image under the same restrictions", async () => {
    const start = { command: undefined, args: undefined, release: { command: ["make", "release"], args: undefined } };
    const run = await deploy({ start, database: "postgres", writablePaths, cpuLimit: "1" });
    for (const type of [types.deployment, types.job]) {
      const { initContainers, containers, volumes } = podOf(run, type);
      const [{ image, imagePullPolicy, resources, securityContext, terminationMessagePolicy, volumeMounts }] =
        containers as unknown as [Record<string, unknown>];
      const { container, mounts, volumes: own } = copyIn(writablePaths) ?? assert.fail();
      const common = { image, imagePullPolicy, resources, securityContext, terminationMessagePolicy };
      assert.deepEqual(initContainers, [{ name: "writable-paths", ...common, ...container }]);
      assert.deepEqual((volumeMounts as unknown[]).slice(1, 3), mounts);
      assert.deepEqual(volumes.slice(1, 3), own);
    }
  });

  const places = async (args: Parameters<typeof deploy>[0]): Promise<string[]> => {
    const [container] = podOf(await deploy(args)).containers as unknown as [{ volumeMounts: { mountPath: string }[] }];
    return container.volumeMounts.map(({ mountPath }) => mountPath).sort();
  };

  it("are mounted once, where the pod has a volume in that place or a folder is below another one", async () => {
    const usual = ["/data", "/run/secrets/django", "/tmp"];
    const writable = ["/tmp", "/data", "/run/secrets/django", "/app/media", "/app", "/application"];
    assert.deepEqual(await places({}), usual);
    assert.deepEqual(await places({ writablePaths: writable }), ["/app", "/application", ...usual]);
    const { initContainers } = podOf(await deploy({ writablePaths: writable }));
    const [{ command }] = initContainers as unknown as [{ command: string[] }];
    assert.deepEqual(command.slice(4), ["/tmp", "/data", "/app", "/application"]);
  });

  it("do not replace the volume that keeps the file of SQLite", async () => {
    const { initContainers, volumes } = podOf(await deploy({ writablePaths: ["/data"], databaseStorage: "1Gi" }));
    assert.equal(initContainers, undefined);
    assert.match(JSON.stringify(volumes), /"name":"data","persistentVolumeClaim"/);
  });

  it("are volumes where the disk is not read-only, too, as the image's own may be another user's", async () => {
    const [usual, named] = [
      await places({ podSecurity: "baseline" }),
      { writablePaths, podSecurity: "baseline" } as const,
    ];
    assert.deepEqual(await places(named), [...usual, ...writablePaths].sort());
    const { initContainers } = podOf(await deploy(named));
    const [{ command }] = initContainers as unknown as [{ command: string[] }];
    assert.deepEqual(command, copyIn(writablePaths, { keepsOwners: true })?.container.command);
  });
});
