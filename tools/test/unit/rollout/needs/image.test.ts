import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { imageReader, type ImageFacts } from "../../../../rollout/needs/image";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";

describe("What an image says of its processes", () => {
  const folder = temporaryFolder();

  /** Asks a docker CLI that prints a config, and a uid for `docker run`. */
  const ask = async (config: object | undefined, uid = "exit 1"): Promise<ImageFacts | undefined> => {
    const inspected = config === undefined ? "exit 1" : `echo '${JSON.stringify(config)}'`;
    folder.write({
      "bin/docker": {
        executable: `#!/bin/sh\necho "$@" >>${folder.path("called")}\ncase $1 in image) ${inspected};; run) ${uid};; esac\n`,
      },
    });
    return await imageReader({ PATH: [folder.path("bin"), process.env["PATH"]].join(path.delimiter) })("shop:abc");
  };
  const called = (): string[] => fs.readFileSync(folder.path("called"), "utf8").trim().split("\n");

  it("is its user, WORKDIR and CMD", async () => {
    assert.deepEqual(await ask({ User: "1000:1000", WorkingDir: "/app", Cmd: ["gunicorn"] }), {
      user: "1000",
      userId: 1000,
      folder: "/app",
      command: ["gunicorn"],
    });
    assert.deepEqual(await ask({ Cmd: null }), { user: "root", userId: 0, folder: "/", command: [] });
    assert.equal(called().filter((line) => line.startsWith("run")).length, 0);
  });

  it("has the uid that a container of it prints, without a network, where the user is a name", async () => {
    const facts = await ask({ User: "app", WorkingDir: "/app" }, "echo 999");
    assert.deepEqual([facts?.user, facts?.userId], ["app", 999]);
    assert.equal(called().at(-1), "run --pull never --rm --network none --entrypoint id shop:abc -u");
  });

  it("has no uid where the image has no program that prints one", async () => {
    const facts = await ask({ User: "app" });
    assert.deepEqual([facts?.user, facts?.userId], ["app", undefined]);
  });

  it("is nothing where the daemon does not have it, or docker is not there", async () => {
    assert.equal(await ask(undefined), undefined);
    assert.equal(await imageReader({ PATH: folder.path("nowhere") })("shop:abc").catch(() => undefined), undefined);
  });
});
