import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { minikubeHost } from "../../../../sandbox/minikube/host";
import { crictl, kubeadm, minikube } from "../../../../sandbox/minikube/tools";
import { toolchainFolder } from "../../../../sandbox/install/golang";

describe("what a real minikube is started from", () => {
  const pins = [
    { tool: minikube, module: "minikube", name: "k8s.io/minikube" },
    { tool: kubeadm, module: "kubernetes", name: "k8s.io/kubernetes" },
    { tool: crictl, module: "crictl", name: "sigs.k8s.io/cri-tools" },
  ];
  for (const { tool, module, name } of pins) {
    it(`compiles ${tool.title} from the version that it is cached as`, () => {
      const text = fs.readFileSync(path.join(toolchainFolder, module, "go.mod"), "utf8");
      const pinned = new RegExp(`^(?:require |\\t)${name} v(\\S+)`, "m").exec(text)?.[1];
      assert.equal(pinned, tool.version);
      assert.ok(tool.ways.some((way) => way.kind === "go" && way.builds.every((build) => build.module === module)));
    });
  }

  it("takes the names of its bridges within the kernel's 15 characters, and no network of the other kinds", () => {
    assert.ok(minikubeHost.bridge.length <= 15);
    assert.ok(!minikubeHost.podNetworks.some((network) => ["172.30", "172.29", "172.28"].includes(network)));
  });

  it("copies into the node image only files that are kept with its Dockerfile or laid out by the build", () => {
    const folder = path.join(__dirname, "../../../../sandbox/minikube/node");
    const dockerfile = fs.readFileSync(path.join(folder, "Dockerfile"), "utf8");
    const lines = dockerfile.split("\n").filter((line) => line.startsWith("COPY ") && !line.includes("--from="));
    const copied = lines.flatMap((line) => line.split(" ").slice(1, -1)).filter((word) => !word.startsWith("--"));
    const laidOut = ["bin", "pause", "cri-dockerd", "crictl", "kubernetes-images.tar"];
    assert.deepEqual([...copied].sort(), [...fs.readdirSync(folder), ...laidOut].filter(notTheDockerfile).sort());
  });
});

const notTheDockerfile = (name: string): boolean => name !== "Dockerfile";
