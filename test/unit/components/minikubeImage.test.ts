import assert from "node:assert/strict";
import fs from "node:fs";
import { Module } from "node:module";
import path from "node:path";

import type * as pulumi from "@pulumi/pulumi";

import { MinikubeImage, type MinikubeImageArgs } from "../../../components/minikubeImage";
import { checkout } from "../helpers/checkout";
import { ownEnvironment } from "../helpers/environment";
import { temporaryFolder } from "../helpers/folders";
import { only, runProgram } from "../helpers/registrations";

type Provider = Required<pulumi.dynamic.ResourceProvider<MinikubeImageArgs, MinikubeImageArgs>>;

const args: MinikubeImageArgs = {
  profile: "minikube",
  reference: "kubernetes-django:0123456789ab",
  clusterIdentifier: "cluster-1",
  dockerHost: "unix:///docker.sock",
};

/** The provider as Pulumi runs it: from its text, in a process that loaded nothing of the program. */
async function deserialize(): Promise<Provider> {
  const run = await runProgram(() => {
    new MinikubeImage("web", { ...args }, {});
    return {};
  });
  const code = String(only(run, "pulumi-nodejs:dynamic:Resource").inputs["__provider"]);
  const module = new Module("provider") as Module & { _compile: (code: string, file: string) => void };
  module.paths = [path.join(checkout, "node_modules")];
  module._compile(code, path.join(checkout, "provider.js"));
  return (module.exports as { handler: () => Provider }).handler();
}

describe("An image that is loaded into a minikube", () => {
  ownEnvironment();
  const folder = temporaryFolder();
  let provider: Provider;

  const putMinikube = (exitCode: number): void => {
    const script = `#!/bin/sh\necho "$DOCKER_HOST $*" >>${folder.path("log")}\necho X Exiting >&2\nexit ${exitCode}\n`;
    folder.write({ "bin/minikube": { executable: script } });
    process.env["PATH"] = [folder.path("bin"), process.env["PATH"]].join(path.delimiter);
  };
  const log = (): string => fs.readFileSync(folder.path("log"), "utf8");

  beforeEach(async () => {
    provider = await deserialize();
  });

  it("comes from the daemon that built it", async () => {
    putMinikube(0);
    assert.deepEqual(await provider.create(args), { id: args.reference, outs: args });
    assert.equal(log(), "unix:///docker.sock -p minikube image load --daemon kubernetes-django:0123456789ab\n");
  });

  it("is not taken for loaded when minikube fails, whose reason is in the error", async () => {
    putMinikube(80);
    await assert.rejects(provider.create(args), /X Exiting/);
  });

  const changes: [more: Partial<MinikubeImageArgs>, replaces: string[]][] = [
    [{}, []],
    [{ dockerHost: "unix:///other.sock" }, []],
    [{ reference: "kubernetes-django:ba9876543210" }, ["reference"]],
    [{ clusterIdentifier: "cluster-2" }, ["clusterIdentifier"]],
    [{ profile: "shop" }, ["profile"]],
  ];
  for (const [more, replaces] of changes) {
    it(`is ${replaces.length > 0 ? "loaded again" : "left alone"} with ${JSON.stringify(more)}`, async () => {
      const difference = await provider.diff(args.reference, args, { ...args, ...more });
      assert.deepEqual(difference, { changes: replaces.length > 0, replaces });
    });
  }

  it("is removed, and it is no error when the cluster is gone", async () => {
    putMinikube(85);
    await provider.delete(args.reference, args);
    assert.match(log(), /^\S* ?-p minikube image rm kubernetes-django:0123456789ab\n$/);
  });

  it("is removed without an error where minikube is gone as well", async () => {
    process.env["PATH"] = folder.path();
    await provider.delete(args.reference, args);
  });
});
