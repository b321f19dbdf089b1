import assert from "node:assert/strict";
import type http from "node:http";
import path from "node:path";

import { Daemon } from "../../../docker/daemon";
import { temporaryFolder } from "../../../../test/unit/helpers/folders";
import { always, localServers } from "../../../../test/unit/helpers/servers";

describe("Whether a Docker daemon has an image", () => {
  const { serve } = localServers();
  const folder = temporaryFolder();

  it("is what it answers, and unknown where it fails or is not there", async () => {
    const DOCKER_HOST = `unix://${folder.path("docker.sock")}`;
    const daemon = new Daemon({ DOCKER_HOST });
    assert.equal(await daemon.has("shop:1"), undefined);
    const server: http.RequestListener = (request, response) => {
      const { url } = request;
      always(url === "/images/shop:1/json" ? 200 : url === "/images/shop:2/json" ? 404 : 500)(request, response);
    };
    await serve(server, { socket: folder.path("docker.sock") });
    assert.deepEqual(
      [await daemon.has("shop:1"), await daemon.has("shop:2"), await daemon.has("shop:3")],
      [true, false, undefined],
    );
  });

  it("is asked by the docker CLI where that alone knows the way", async () => {
    folder.write({
      "bin/docker": {
        executable: `#!/bin/sh
          case "$*" in
            *shop:1) echo sha256:1 ;;
            *shop:2) echo "Error: No such image: shop:2" >&2; exit 1 ;;
            *) echo "Cannot connect" >&2; exit 1 ;;
          esac`,
      },
    });
    const PATH = [folder.path("bin"), process.env["PATH"]].join(path.delimiter);
    const daemon = new Daemon({ PATH, DOCKER_HOST: "ssh://build.example.com" });
    assert.deepEqual(
      [await daemon.has("shop:1"), await daemon.has("shop:2"), await daemon.has("shop:3")],
      [true, false, undefined],
    );
  });
});
