import assert from "node:assert/strict";
import fs from "node:fs";

import { redisImage } from "../../../../../components/app/redisImage";
import { baseImage, databaseImage, provideImage, standIns } from "../../../../sandbox/images/baseImage";
import { startDaemon, stopDaemon } from "../../../../sandbox/cluster/daemons";
import { clusterFolder, isolated, local } from "../../../../sandbox/cluster/kinds";
import { type DebianImage, mmdebstrapArguments } from "../../../../sandbox/images/debianImage";
import { ownEnvironment } from "../../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";
import { isProblem } from "../../../../../test/unit/helpers/problems";

describe("An image that the sandbox needs", () => {
  ownEnvironment();
  const folder = temporaryFolder();

  /**
   * With a docker CLI that succeeds, and prints a line, where its arguments match; an image that is there has some names.
   * `asked` are its first arguments.
   */
  const provide = async (
    succeeds: RegExp,
    mmdebstrap?: string,
    prints = "done",
    names = 0,
  ): Promise<{ origin: string; asked: string[] }> => {
    process.env["XDG_CACHE_HOME"] = folder.path();
    fs.mkdirSync(clusterFolder(local), { recursive: true });
    const script = `#!/bin/sh\nshift 2\n[ "$1" != import ] || cat >/dev/null\necho "$*" >>${folder.path("log")}\ncase "$*" in *RepoTags*) echo ${names}; exit ;; esac\necho "$*" | grep -Eq '${succeeds.source}' && echo '${prints}'\n`;
    folder.write({ "bin/docker": { executable: script }, log: "" });
    const environment = { PATH: `${folder.path("bin")}:/usr/bin:/bin` };
    const origin = await provideImage(local, environment, mmdebstrap, baseImage, { detail: () => undefined });
    const asked = fs.readFileSync(folder.path("log"), "utf8").trimEnd().split("\n");
    return { origin, asked: asked.map((line) => line.split(" ")[0] ?? "") };
  };

  it("is not fetched when the daemon has it", async () => {
    assert.deepEqual(await provide(/^image inspect/), { origin: "present", asked: ["image"] });
  });

  it("is pulled where a registry answers", async () => {
    assert.deepEqual(await provide(/^pull/), { origin: "pulled", asked: ["image", "pull"] });
  });

  it("is copied from another sandbox that runs and has it", async () => {
    process.env["XDG_CACHE_HOME"] = folder.path();
    const other = clusterFolder(isolated);
    fs.mkdirSync(other, { recursive: true });
    startDaemon(other, { name: "dockerd", command: ["sleep", "60"], environment: { PATH: process.env["PATH"] } });
    try {
      const succeeds = /^(image inspect python|save|load)/;
      const { origin, asked } = await provide(succeeds);
      assert.equal(origin, "copied from the isolated sandbox");
      assert.deepEqual(asked.slice(0, 3), ["image", "pull", "image"]);
      assert.deepEqual(asked.slice(3).sort(), ["load", "save"]);
    } finally {
      await stopDaemon(other, "dockerd");
    }
  });

  it("is built again where its recipe has changed, and the one before is removed where it has no other name", async () => {
    folder.write({ "bin/mmdebstrap": { executable: '#!/bin/sh\nfor last; do :; done\necho archive >"$last"\n' } });
    const earlier = "sha256:12 kubernetes-django stand-in 0123456789ab";
    for (const [names, removes] of [
      [0, true],
      [1, false],
    ] as const) {
      const { origin } = await provide(/^(image inspect|import)/, folder.path("bin", "mmdebstrap"), earlier, names);
      assert.equal(origin, "built from Debian's packages");
      const [, ...after] = fs.readFileSync(folder.path("log"), "utf8").split(/^import .*\n/m);
      assert.equal(after.join("").includes("image rm sha256:12\n"), removes);
    }
  });

  it("is built from Debian's packages otherwise, under its name and with its settings", async () => {
    folder.write({ "bin/mmdebstrap": { executable: '#!/bin/sh\nfor last; do :; done\necho archive >"$last"\n' } });
    const { origin, asked } = await provide(/^import/, folder.path("bin", "mmdebstrap"));
    assert.equal(origin, "built from Debian's packages");
    assert.deepEqual(asked, ["image", "pull", "image", "import"]);
    assert.match(
      fs.readFileSync(folder.path("log"), "utf8"),
      /^import --message kubernetes-django stand-in \w{12} --change CMD python3 .*--change ENV PIP_CERT=\S+ .*- python:3\.13-slim$/m,
    );
    assert.deepEqual(fs.readdirSync(clusterFolder(local)), []);
  });

  it("that cannot be provided is named, with what to do", async () => {
    await assert.rejects(
      provide(/^nothing/),
      isProblem(
        "python:3.13-slim could not be pulled, and a stand-in can only be built on a system with Debian's packages; run `docker pull python:3.13-slim` where a registry answers, then `docker save` and `docker load` it.",
      ),
    );
  });
});

describe("The stand-in", () => {
  const madeOf = (image: string): DebianImage => standIns[image] ?? assert.fail(image);
  const trusts = (image: string): string[] =>
    mmdebstrapArguments(madeOf(image), "/bundle.crt", "/image.tar").filter((each) => each.includes("/bundle.crt"));

  it("for Python trusts the machine's authorities, since pip runs in it", () => {
    assert.notDeepEqual(trusts(baseImage), []);
  });

  it("for a server trusts no more than its packages do", () => {
    assert.deepEqual([...trusts(databaseImage), ...trusts(redisImage)], []);
  });

  it("for Valkey has the official image's user, who owns its folder", () => {
    const { hooks = [] } = madeOf(redisImage);
    assert.ok(hooks.some((hook) => hook.includes("valkey:x:999:999:")));
    assert.ok(hooks.some((hook) => hook.includes(`-o 999 -g 999 "$1/data"`)));
  });

  it("for Postgres has an entrypoint that can be executed, and the official image's user and settings", () => {
    const { hooks = [], copies = [], settings = [] } = madeOf(databaseImage);
    const [{ file: entrypoint, folder } = { file: "", folder: "" }] = copies;
    assert.equal(folder, "/usr/local/bin");
    assert.doesNotThrow(() => {
      fs.accessSync(entrypoint, fs.constants.X_OK);
    });
    assert.ok(hooks.some((hook) => hook.includes("postgres:x:999:999:")));
    assert.ok(settings.some((setting) => setting.startsWith("ENV PATH=") && setting.endsWith("/postgresql/17/bin")));
    assert.ok(settings.includes(`ENTRYPOINT ["docker-entrypoint.sh"]`) && settings.includes(`CMD ["postgres"]`));
  });
});
