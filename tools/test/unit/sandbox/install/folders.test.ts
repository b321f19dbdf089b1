import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { cacheFolder, dataFolder } from "../../../../../components/targets/sandbox";
import { inPartialFolder, makeFolder, removeAbandoned } from "../../../../sandbox/install/folders";
import { ownEnvironment } from "../../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";

describe("tools in the cache", () => {
  ownEnvironment();
  const temporary = temporaryFolder();
  let folder = "";

  beforeEach(() => {
    folder = temporary.path();
    process.env.XDG_CACHE_HOME = folder;
  });

  it("are in XDG_CACHE_HOME, and in ~/.cache where that is empty or relative", () => {
    assert.equal(cacheFolder(), path.join(folder, "kubernetes-django"));
    process.env.HOME = "/home/somebody";
    for (const ignored of ["", "relative/path"]) {
      process.env.XDG_CACHE_HOME = ignored;
      assert.equal(cacheFolder(), "/home/somebody/.cache/kubernetes-django");
    }
  });

  it("are apart from data, which are in XDG_DATA_HOME, and in ~/.local/share where that is empty or relative", () => {
    process.env.XDG_DATA_HOME = path.join(folder, "data");
    assert.equal(dataFolder(), path.join(folder, "data", "kubernetes-django"));
    process.env.HOME = "/home/somebody";
    for (const ignored of ["", "relative/path"]) {
      process.env.XDG_DATA_HOME = ignored;
      assert.equal(dataFolder(), "/home/somebody/.local/share/kubernetes-django");
    }
  });

  it("appear only when they are complete", async () => {
    const target = path.join(folder, "saw-1");
    await makeFolder(target, (partial) => {
      assert.equal(partial, `${target}.partial-${process.pid}`);
      writeFileSync(path.join(partial, "blade"), "sharp");
      assert.equal(existsSync(target), false);
      return Promise.resolve();
    });
    assert.equal(readFileSync(path.join(target, "blade"), "utf8"), "sharp");
    assert.deepEqual(readdirSync(folder), ["saw-1"]);
  });

  it("leave nothing behind when making them fails", async () => {
    const failing = makeFolder(path.join(folder, "saw-1"), () => Promise.reject(new Error("blunt")));
    await assert.rejects(failing, { message: "blunt" });
    assert.deepEqual(readdirSync(folder), []);
  });

  it("stay as another process made them", async () => {
    const target = path.join(folder, "saw-1");
    await makeFolder(target, () => {
      mkdirSync(target);
      writeFileSync(path.join(target, "theirs"), "");
      return Promise.resolve();
    });
    assert.deepEqual(readdirSync(target), ["theirs"]);
  });

  it("are made once when two callers ask at the same time", async () => {
    let times = 0;
    const make = () =>
      makeFolder(path.join(folder, "saw-1"), async () => {
        times++;
        await new Promise(setImmediate);
      });
    await Promise.all([make(), make()]);
    assert.equal(times, 1);
  });

  it("are cleared of what interrupted processes left, and of nothing else", async () => {
    for (const name of ["a.partial-1", "b.partial-2", "c-1.0.0"]) mkdirSync(path.join(folder, name));
    removeAbandoned(folder, (pid) => pid === 2);
    assert.deepEqual(readdirSync(folder).sort(), ["b.partial-2", "c-1.0.0"]);

    const dead = execFileSync("sh", ["-c", "echo $$"], { encoding: "utf8" }).trim();
    mkdirSync(path.join(folder, `d.partial-${dead}`));
    await inPartialFolder(path.join(folder, "e"), () => Promise.resolve());
    assert.equal(existsSync(path.join(folder, `d.partial-${dead}`)), false);
  });
});
