import assert from "node:assert/strict";
import fs from "node:fs";
import { Module } from "node:module";
import path from "node:path";

import type * as pulumi from "@pulumi/pulumi";

import { MinikubeImage, type MinikubeImageArgs } from "../../../components/image/minikubeImage";
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

  /** Puts a docker and a minikube on PATH that write down what they are asked; the image is there at a try or never. */
  const putTools = ({ exitCode = 0, listed = [] as string[] } = {}): void => {
    const script = (name: string, rest: string): { executable: string } => ({
      executable: `#!/bin/sh\necho "${name} $*" >>${folder.path("log")}\n${rest}`,
    });
    folder.write({
      // Every listing takes one answer off the top.
      listed: listed.map((line) => `${line}\n`).join(""),
      "bin/docker": script("$DOCKER_HOST docker", `: >"$3"`),
      "bin/minikube": script(
        "minikube",
        `case "$*" in
*"image load"*) test -f "$5" || exit 1 ;;
*"image ls"*) head -n 1 ${folder.path("listed")}; sed -i 1d ${folder.path("listed")} ;;
esac
echo "X Exiting" >&2
exit ${exitCode}
`,
      ),
    });
    process.env["PATH"] = [folder.path("bin"), process.env["PATH"]].join(path.delimiter);
  };
  /** What was asked, without the temporary archive. */
  const log = (): string[] => {
    const lines = fs.readFileSync(folder.path("log"), "utf8").trimEnd().split("\n");
    return lines.map((line) => line.replace(/\S+image\.tar/, "ARCHIVE"));
  };
  const remove = "minikube -p minikube image rm kubernetes-django:0123456789ab";
  const list = "minikube -p minikube image ls";

  beforeEach(async () => {
    provider = await deserialize();
  });

  for (const listed of [args.reference, `docker.io/library/${args.reference}`]) {
    it(`comes from the daemon that built it, and is there when minikube lists ${listed}`, async () => {
      putTools({ listed: [listed] });
      assert.deepEqual(await provider.create(args), { id: args.reference, outs: args });
      assert.deepEqual(log(), [
        "unix:///docker.sock docker save --output ARCHIVE kubernetes-django:0123456789ab",
        "minikube -p minikube image load ARCHIVE",
        list,
      ]);
      const [save = ""] = fs.readFileSync(folder.path("log"), "utf8").split("\n");
      const archive = /\S+image\.tar/.exec(save)?.[0] ?? "";
      assert.ok(archive !== "" && !fs.existsSync(path.dirname(archive)), archive);
    });
  }

  it("is not taken for loaded when minikube fails, whose reason is in the error", async () => {
    putTools({ exitCode: 80 });
    await assert.rejects(provider.create(args), /X Exiting/);
  });

  it("is not taken for loaded when minikube ends with success and does not list it", async () => {
    putTools({ listed: [`docker.io/library/other-${args.reference}`] });
    await assert.rejects(provider.create(args), {
      message:
        'minikube did not load the image kubernetes-django:0123456789ab into profile "minikube"; run `minikube -p minikube image load kubernetes-django:0123456789ab` and `minikube -p minikube logs` to see why.',
    });
  });

  const changes: [more: Partial<MinikubeImageArgs>, replaces: string[], deleteBeforeReplace?: boolean][] = [
    [{}, []],
    [{ dockerHost: "unix:///other.sock" }, []],
    [{ reference: "kubernetes-django:ba9876543210" }, ["reference"], false],
    [{ clusterIdentifier: "cluster-2" }, ["clusterIdentifier"]],
    [{ profile: "shop" }, ["profile"]],
  ];
  for (const [more, replaces, deleteBeforeReplace = true] of changes) {
    it(`is ${replaces.length > 0 ? "loaded again" : "left alone"} with ${JSON.stringify(more)}`, async () => {
      const difference = await provider.diff(args.reference, args, { ...args, ...more });
      assert.deepEqual(difference, { changes: replaces.length > 0, replaces, deleteBeforeReplace });
    });
  }

  it("is removed", async () => {
    putTools();
    await provider.delete(args.reference, args);
    assert.deepEqual(log(), [remove, list]);
  });

  it("is removed again while a pod that is ending still holds it", async () => {
    putTools({ listed: [args.reference, "other:1"] });
    await provider.delete(args.reference, args);
    assert.deepEqual(log(), [remove, list, remove, list]);
  });

  it("needs no removal from a cluster that is gone", async () => {
    putTools({ exitCode: 85 });
    await provider.delete(args.reference, args);
    assert.deepEqual(log(), [remove]);
  });

  it("is removed without an error where minikube is gone as well", async () => {
    process.env["PATH"] = folder.path();
    await assert.rejects(provider.create(args), /ENOENT/);
    await assert.doesNotReject(provider.delete(args.reference, args));
  });
});
