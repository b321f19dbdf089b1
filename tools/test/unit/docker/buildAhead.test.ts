import assert from "node:assert/strict";
import fs from "node:fs";
import type http from "node:http";
import path from "node:path";

import { BuildAhead } from "../../../docker/buildAhead";
import { readBuildContext } from "../../../../components/image/buildContext";
import { ownEnvironment } from "../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../test/unit/helpers/folders";
import { isAlive } from "../../../../test/unit/helpers/processes";
import { always, localServers } from "../../../../test/unit/helpers/servers";
import { until } from "../../../../test/unit/helpers/until";

describe("The build that runs while Pulumi starts", () => {
  ownEnvironment();
  const folder = temporaryFolder();
  const { serve } = localServers();

  const writeProject = (config: string, docker = 'echo "$@" >>called; wc -c >>called'): void => {
    folder.write({
      "Pulumi.yaml":
        "config:\n  project:\n    default: app\n  builder:\n    default: docker\n  buildArgs:\n    default: {}\n  platform:\n    default: ''\n",
      "stack.yaml": `config:\n${config}`,
      "app/Dockerfile": "FROM scratch\n",
      "app/media.bin": Buffer.alloc(2 ** 20),
      "bin/docker": { executable: `#!/bin/sh\n${docker}\n` },
    });
    process.chdir(folder.path());
  };
  const machine = (): ConstructorParameters<typeof BuildAhead>[0] => ({
    configFile: "stack.yaml",
    environment: {
      PATH: [folder.path("bin"), process.env["PATH"]].join(path.delimiter),
      DOCKER_HOST: `unix://${folder.path("docker.sock")}`,
    },
  });
  /** What docker was called with, and how many bytes it was sent. */
  const build = async (deployed = "shop:0123456789ab"): Promise<string[]> => {
    await new BuildAhead(machine(), deployed).ended;
    return fs.existsSync("called") ? fs.readFileSync("called", "utf8").trim().split("\n") : [];
  };
  const common = "build --builder default --quiet --output type=cacheonly";

  it("makes no image, and sends builder docker's sources as that does", async () => {
    writeProject("");
    const [command, bytes] = await build();
    assert.equal(command, `${common} --file Dockerfile -`);
    assert.ok(Number(bytes) > 2 ** 20);
  });

  it("sends builder docker-build's sources as that does, with its arguments and platform", async () => {
    writeProject(
      "  kubernetes-django:builder: docker-build\n  kubernetes-django:platform: linux/arm64\n  kubernetes-django:buildArgs:\n    A: b c\n",
    );
    assert.deepEqual(await build(), [
      `${common} --build-arg A=b c --platform linux/arm64 --file app/Dockerfile app`,
      "0",
    ]);
  });

  it("does nothing while the sources are those that are deployed", async () => {
    writeProject("");
    const { hash } = readBuildContext("app", { builder: "docker", buildArgs: {}, platform: undefined });
    assert.deepEqual(await build(`shop:${hash}`), []);
    assert.equal((await build("shop:0123456789ab")).length, 2);
  });

  it("builds what was never deployed, except for nodes that pull from a registry", async () => {
    writeProject("  kubernetes-django:target: cluster\n");
    await new BuildAhead(machine(), undefined).ended;
    assert.equal(fs.existsSync("called"), false);
    writeProject("  kubernetes-django:target: minikube\n");
    await new BuildAhead(machine(), undefined).ended;
    assert.ok(fs.readFileSync("called", "utf8").startsWith(`${common} `));
  });

  it("does nothing where the daemon has the image, as after an edit was taken back", async () => {
    writeProject("  kubernetes-django:imageRepository: shop\n");
    const { hash } = readBuildContext("app", { builder: "docker", buildArgs: {}, platform: undefined });
    const images = new Set([`/images/shop:${hash}/json`]);
    const server: http.RequestListener = (request, response) => {
      always(images.has(request.url ?? "") ? 200 : 404)(request, response);
    };
    await serve(server, { socket: folder.path("docker.sock") });
    assert.deepEqual(await build(), []);
    images.clear();
    assert.equal((await build()).length, 2);
  });

  for (const [what, config, docker, called] of [
    ["docker fails before it has read everything", "", "echo called >called; exit 1", ["called"]],
    ["docker cannot be started", "", undefined, []],
    ["the config is not allowed", "  kubernetes-django:builder: nix\n", "echo called >called", []],
  ] as const) {
    it(`leaves it to Pulumi when ${what}`, async () => {
      writeProject(config, docker);
      if (docker === undefined) {
        fs.chmodSync("bin/docker", 0o644);
      }
      assert.deepEqual(await build(), called);
    });
  }

  it("is ended when Pulumi has", async () => {
    writeProject("", "echo $$ >started; mv started called; exec sleep 60");
    const ahead = new BuildAhead(machine(), "shop:0123456789ab");
    await until("docker was called", () => fs.existsSync("called"));
    const docker = Number(fs.readFileSync("called", "utf8"));
    assert.ok(isAlive(docker));
    ahead.stop();
    await ahead.ended;
    assert.ok(!isAlive(docker));
  });

  it("does not begin when Pulumi has ended before", async () => {
    writeProject("");
    const ahead = new BuildAhead(machine(), "shop:0123456789ab");
    ahead.stop();
    await ahead.ended;
    assert.equal(fs.existsSync("called"), false);
  });
});
