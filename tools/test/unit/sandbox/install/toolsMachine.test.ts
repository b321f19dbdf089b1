import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { cacheFolder } from "../../../../../components/targets/sandbox";
import { inPartialFolder, makeFolder, removeAbandoned, toolFolder } from "../../../../sandbox/install/folders";
import { installAll, machine } from "../../../../sandbox/install/obtain";
import { isPluginInstalled, pluginNames, pluginVersion, recipes } from "../../../../sandbox/install/plugins";
import { printedVersion, runShowing } from "../../../../sandbox/install/run";
import type { Tool } from "../../../../sandbox/install/tool";

const silent = { detail: () => undefined };
const here = { ...machine, screen: { isTTY: false, columns: 80, write: () => undefined } };

describe("the tools on this machine", () => {
  let folder = "";
  let saved: [string, string | undefined][] = [];

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "tools-"));
    const changed = { XDG_CACHE_HOME: folder, PULUMI_HOME: folder, PATH: `${folder}:${process.env.PATH ?? ""}` };
    saved = [...Object.keys(changed), "HOME"].map((name) => [name, process.env[name]]);
    Object.assign(process.env, changed);
  });

  afterEach(() => {
    for (const [name, value] of saved) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    rmSync(folder, { recursive: true });
  });

  const executable = (name: string, prints: string): void => {
    writeFileSync(path.join(folder, name), `#!/bin/sh\necho "${prints}"\n`);
    chmodSync(path.join(folder, name), 0o755);
  };

  describe("on PATH", () => {
    const tool: Tool = {
      name: "unheard-of",
      title: "Unheard-of",
      version: "3.220.0",
      executables: ["unheard-of", "unheard-of-helper"],
      versionArguments: ["version"],
      onPath: { accepts: ">=3.220.0 <4" },
      ways: [],
      byHand: "install it",
    };

    for (const version of ["3.220.0", "3.220.1", "3.300.0"]) {
      it(`are taken at version ${version} where 3.220.0 or newer, below 4, is needed`, async () => {
        executable("unheard-of", `v${version}-dirty`);
        executable("unheard-of-helper", "");
        assert.deepEqual(await installAll([tool], here), [{ name: "unheard-of", version, folder, source: "path" }]);
      });
    }

    for (const prints of ["v3.219.9", "v3.99.0", "v4.0.0", "no version"]) {
      it(`are passed over when they print "${prints}"`, async () => {
        executable("unheard-of", prints);
        executable("unheard-of-helper", "");
        await assert.rejects(installAll([tool], here), /^Error: Unheard-of 3\.220\.0 could not be installed/);
      });
    }

    it("are passed over when an executable that belongs to them is missing", async () => {
      executable("unheard-of", "v3.220.0");
      await assert.rejects(installAll([tool], here), /could not be installed/);
    });

    it("are passed over when none of the files that one of must exist does", async () => {
      executable("unheard-of", "v3.220.0");
      executable("unheard-of-helper", "");
      const demanding = { ...tool, onPath: { accepts: "*", anyFile: [path.join(folder, "plugin")] } };
      await assert.rejects(installAll([demanding], here), /could not be installed/);
      executable("plugin", "");
      assert.equal((await installAll([demanding], here))[0].source, "path");
    });

    it("have no version when they fail", async () => {
      executable("unheard-of", "1.2.3");
      assert.equal(await printedVersion(path.join(folder, "unheard-of"), []), "1.2.3");
      writeFileSync(path.join(folder, "unheard-of"), "#!/bin/sh\necho 1.2.3; exit 1\n");
      assert.equal(await printedVersion(path.join(folder, "unheard-of"), []), undefined);
    });

    it("are not asked for once the cache has them", async () => {
      executable("unheard-of", "v3.300.0");
      executable("unheard-of-helper", "");
      const cached = { ...tool, ways: [{ kind: "go", builds: [] }] as const };
      mkdirSync(toolFolder("unheard-of", "3.220.0"), { recursive: true });
      const [found] = await installAll([cached], here);
      assert.deepEqual([found.source, found.version], ["cache", "3.220.0"]);
      assert.equal(found.folder, path.join(folder, "kubernetes-django/tools/unheard-of-3.220.0/bin"));
    });
  });

  describe("in the cache", () => {
    it("are in XDG_CACHE_HOME, and in ~/.cache where that is empty or relative", () => {
      assert.equal(cacheFolder(), path.join(folder, "kubernetes-django"));
      process.env.HOME = "/home/somebody";
      for (const ignored of ["", "relative/path"]) {
        process.env.XDG_CACHE_HOME = ignored;
        assert.equal(cacheFolder(), "/home/somebody/.cache/kubernetes-django");
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

    it("stay as another process made them in the meantime", async () => {
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

    it("are cleared of what dead processes left, and of nothing else", async () => {
      for (const name of ["a.partial-1", "b.partial-2", "c-1.0.0"]) mkdirSync(path.join(folder, name));
      removeAbandoned(folder, (pid) => pid === 2);
      assert.deepEqual(readdirSync(folder).sort(), ["b.partial-2", "c-1.0.0"]);

      const dead = execFileSync("sh", ["-c", "echo $$"], { encoding: "utf8" }).trim();
      mkdirSync(path.join(folder, `d.partial-${dead}`));
      await inPartialFolder(path.join(folder, "e"), () => Promise.resolve());
      assert.equal(existsSync(path.join(folder, `d.partial-${dead}`)), false);
    });
  });

  describe("among Pulumi's plugins", () => {
    it("have the versions of the SDKs in node_modules", () => {
      const { dependencies } = JSON.parse(readFileSync("package.json", "utf8")) as {
        dependencies: Record<string, string>;
      };
      for (const name of pluginNames) assert.equal(pluginVersion(name), dependencies[`@pulumi/${name}`]);
    });

    it("are compiled by recipes of those same versions, but for docker's, which is not published as a module", () => {
      for (const [name, recipe] of Object.entries(recipes)) {
        assert.equal(recipe.version, pluginVersion(name as keyof typeof recipes));
      }
      assert.deepEqual(Object.keys(recipes).sort(), ["docker-build", "kubernetes"]);
    });

    it("count as installed only when Pulumi finished installing them", () => {
      const plugin = path.join(folder, "plugins/resource-kubernetes-v1.2.3");
      assert.equal(isPluginInstalled("kubernetes", "1.2.3"), false);
      mkdirSync(plugin, { recursive: true });
      executable("plugins/resource-kubernetes-v1.2.3/pulumi-resource-kubernetes", "");
      assert.equal(isPluginInstalled("kubernetes", "1.2.3"), true);
      writeFileSync(`${plugin}.partial`, "");
      assert.equal(isPluginInstalled("kubernetes", "1.2.3"), false);
    });
  });

  describe("run", () => {
    it("show the latest line they print, and fail with the one that says what was wrong", async () => {
      const shown: string[] = [];
      const script = "echo one; echo 'E: no such package' >&2; sleep 0.1; echo 'E: in general' >&2; exit 3";
      await assert.rejects(runShowing("sh", ["-c", script], { detail: (line) => shown.push(line) }), {
        message: '`sh -c` failed with "E: no such package"',
      });
      assert.equal(shown.at(-1), "E: in general");
    });

    it("fail with their exit code when they print nothing", async () => {
      await assert.rejects(runShowing("sh", ["-c", "exit 3"], silent), {
        message: '`sh -c` failed with "exit code 3"',
      });
    });
  });
});
