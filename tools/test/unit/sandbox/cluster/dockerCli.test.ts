import assert from "node:assert/strict";
import { Readable } from "node:stream";

import { docker, doesDaemonAnswer, hasImage } from "../../../../sandbox/cluster/dockerCli";
import { isolated } from "../../../../sandbox/cluster/kinds";
import { ownEnvironment } from "../../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";

describe("The docker CLI of a sandbox", () => {
  ownEnvironment();
  const folder = temporaryFolder();
  const environment = { PATH: "" };

  const install = (script: string): void => {
    process.env["XDG_CACHE_HOME"] = "/cache";
    environment.PATH = `${folder.path("bin")}:/usr/bin:/bin`;
    folder.write({ "bin/docker": { executable: `#!/bin/sh\n${script}\n` } });
  };

  it("asks the sandbox's own daemon", async () => {
    install('echo "$*"');
    const socket = "unix:///cache/kubernetes-django/clusters/isolated/docker.sock";
    assert.equal(await docker(isolated, environment, ["ps", "--quiet"]), `--host ${socket} ps --quiet`);
  });

  it("reads what it is given, and nothing otherwise", async () => {
    install("cat");
    assert.equal(await docker(isolated, environment, [], { stdin: Readable.from(["archive"]) }), "archive");
    assert.equal(await docker(isolated, environment, []), "");
  });

  it("rejects with what it printed when it fails", async () => {
    install("echo no such image >&2; exit 1");
    await assert.rejects(docker(isolated, environment, ["rmi"]), { message: /exit code 1.*no such image/s });
  });

  it("returns nothing when it fails and may fail, whatever it printed", async () => {
    install("echo half; exit 1");
    assert.equal(await docker(isolated, environment, ["ps"], { reject: false }), "");
  });

  it("tells whether the daemon has an image", async () => {
    install('[ "$3 $4 $7" = "image inspect there" ] && echo sha256:1');
    assert.equal(await hasImage(isolated, environment, "there"), true);
    assert.equal(await hasImage(isolated, environment, "elsewhere"), false);
  });

  it("tells whether the daemon answers", async () => {
    install("echo Version: 27");
    assert.equal(await doesDaemonAnswer(isolated, environment), true);
    install("echo Client: 27; exit 1");
    assert.equal(await doesDaemonAnswer(isolated, environment), false);
  });
});
