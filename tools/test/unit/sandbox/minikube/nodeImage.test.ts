import assert from "node:assert/strict";
import fs from "node:fs";

import { clusterFolder } from "../../../../sandbox/cluster/kinds";
import { minikubeHost } from "../../../../sandbox/minikube/host";
import { startArguments } from "../../../../sandbox/minikube/minikube";
import { ensureNodeImage } from "../../../../sandbox/minikube/nodeImage";
import type { MinikubeTools } from "../../../../sandbox/minikube/tools";
import { ownEnvironment } from "../../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";
import { isProblem } from "../../../../../test/unit/helpers/problems";

describe("The image of minikube's node", () => {
  ownEnvironment();
  const folder = temporaryFolder();

  /** With a docker CLI that has every image in whose name the pattern occurs. */
  const ensure = async (has: string, kubernetes: string, details: string[] = []): Promise<string> => {
    process.env["XDG_CACHE_HOME"] = folder.path();
    fs.mkdirSync(clusterFolder(minikubeHost), { recursive: true });
    folder.write({ "bin/docker": { executable: `#!/bin/sh\nshift 2\necho "$*" | grep ${has}\n` } });
    const tool = (name: string, version: string): object => ({ name, version, folder: folder.path(), source: "cache" });
    const tools = {
      cluster: {
        engine: {},
        kubernetes: tool("kubernetes", kubernetes),
        criDockerd: tool("cri-dockerd", "0.4.0"),
      },
      kubeadm: tool("kubeadm", kubernetes),
      crictl: tool("crictl", "1.36.0"),
      environment: { PATH: `${folder.path("bin")}:/usr/bin:/bin` },
    } as unknown as MinikubeTools;
    return await ensureNodeImage(tools, { detail: (text) => details.push(text) });
  };

  it("is not built when the engine has it", async () => {
    const details: string[] = [];
    const name = await ensure("minikube-node", "1.34.4", details);
    assert.match(name, /^kubernetes-django-sandbox\/minikube-node:[0-9a-f]{12}$/);
    assert.deepEqual(details, ["present"]);
  });

  it("is another image for another version of a tool, and the same one otherwise", async () => {
    const [first, second] = [await ensure("minikube-node", "1.34.4"), await ensure("minikube-node", "1.34.5")];
    assert.notEqual(first, second);
    assert.equal(await ensure("minikube-node", "1.34.4"), first);
  });

  it("is refused on a system without Debian's packages", async () => {
    await assert.rejects(
      ensure("no-such-image", "1.34.4"),
      isProblem(
        "minikube's node can only be built on a system with Debian's packages; start a minikube of yours and run `npm run up -- minikube`.",
      ),
    );
  });
});

describe("The start of minikube", () => {
  const args = startArguments({ cluster: { kubernetes: { version: "1.34.4" } } }, "node:1", "containerd");

  it("uses the node image, the runtime and Kubernetes' version", () => {
    assert.deepEqual(args.slice(0, 3), ["start", "--driver=docker", "--container-runtime=containerd"]);
    assert.ok(args.includes("--base-image=node:1"));
    assert.ok(args.includes("--kubernetes-version=v1.34.4"));
  });

  it("downloads nothing", () => {
    for (const flag of ["--preload=false", "--cache-images=false", "--install-addons=false"]) {
      assert.ok(args.includes(flag), flag);
    }
  });
});
