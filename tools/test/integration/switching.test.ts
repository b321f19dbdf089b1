import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { waitUntilServed } from "../../commands/up";
import { isRunning, startCluster, stopCluster } from "../../sandbox/cluster/cluster";
import { clusterData, clusterFiles, isolated } from "../../sandbox/cluster/kinds";
import { getTools, needPlugin } from "./helpers/cluster";
import { type FakeMinikube, installFakeMinikube } from "./helpers/fakeMinikube";
import { Workspace } from "./helpers/workspace";

/** Both clusters get the same: what keeps them apart must not be a name. */
const common = { debug: true, namespace: "switching", imageRepository: "switching", builder: "docker-build" };
const configs = {
  dev: { ...common, target: "docker-desktop" },
  minikube: { ...common, target: "minikube" },
};
type Cluster = keyof typeof configs;

describe("with Docker Desktop and minikube on one machine", () => {
  let minikube: FakeMinikube;
  let wasRunning = false;
  const workspaces: Workspace[] = [];

  /** A user's workspace whose kubeconfig has both clusters. */
  const workspaceFor = async (stack: Cluster): Promise<Workspace> => {
    const workspace = await Workspace.create(await getTools(), stack, configs[stack]);
    workspaces.push(workspace);
    return workspace;
  };
  /** What the shell says: the docker CLI of builder docker-build takes its daemon from there. */
  const shell = (workspace: Workspace, cluster: Cluster): NodeJS.ProcessEnv => ({
    PATH: [minikube.folder, workspace.environment["PATH"]].join(":"),
    KUBECONFIG: [`${workspace.folder}/kubeconfig`, clusterFiles(isolated).kubeconfig].join(":"),
    ...(cluster === "dev"
      ? {}
      : {
          DOCKER_HOST: "tcp://192.168.49.2:2376",
          DOCKER_TLS_VERIFY: "1",
          DOCKER_CERT_PATH: clusterFiles(isolated).dockerCerts,
          MINIKUBE_ACTIVE_DOCKERD: "minikube",
        }),
  });
  const pulumi = async (workspace: Workspace, environment: NodeJS.ProcessEnv, ...args: string[]): Promise<string> => {
    const flags = ["--stack", workspace.stack, "--non-interactive", "--color", "never"];
    const { exitCode, output } = await workspace.run("pulumi", [...args, ...flags], environment);
    assert.equal(exitCode, 0, output);
    return output;
  };
  const up = async (workspace: Workspace, cluster: Cluster): Promise<string> =>
    await pulumi(workspace, shell(workspace, cluster), "up", "--yes", "--skip-preview");
  const destroy = async (workspace: Workspace, cluster: Cluster): Promise<string> =>
    await pulumi(workspace, shell(workspace, cluster), "destroy", "--yes", "--skip-preview");
  const title = async (workspace: Workspace, host: string): Promise<string> => {
    const url = await workspace.output("url");
    assert.equal(new URL(url).hostname, host);
    return await waitUntilServed(url);
  };
  const namespaceIn = async (workspace: Workspace, context: string): Promise<string> => {
    const args = ["--context", context, "get", "namespace", common.namespace];
    return (await workspace.run("kubectl", args, shell(workspace, "dev"))).output;
  };

  before(async function () {
    await needPlugin(this, "docker-build");
    wasRunning = await isRunning(isolated);
    await startCluster(isolated);
    const folder = fs.mkdtempSync("/tmp/kubernetes-django-minikube-");
    minikube = installFakeMinikube(folder);
  });
  after(async () => {
    for (const workspace of workspaces) {
      await destroy(workspace, workspace.stack as Cluster).catch(() => undefined);
      const images = await workspace.docker("image", "ls", "--quiet", common.imageRepository);
      for (const image of new Set(images.output.split("\n").filter((line) => line !== ""))) {
        await workspace.docker("image", "rm", "--force", image);
      }
      fs.rmSync(workspace.folder, { recursive: true });
    }
    if (!wasRunning) {
      await stopCluster(isolated);
    }
  });

  describe("one stack that is switched from one to the other", () => {
    let workspace: Workspace;

    before(async () => {
      workspace = await workspaceFor("dev");
    });

    it("serves the page on Docker Desktop", async () => {
      await up(workspace, "dev");
      assert.match(await title(workspace, "localhost"), /^200 The install worked/);
    });

    it("replaces everything on minikube, where the page is served", async () => {
      workspace.configure(configs.minikube);
      assert.match(await up(workspace, "minikube"), /\+-[0-9]+ replaced/);
      assert.match(await title(workspace, "192.168.49.2"), /^200 The install worked/);
    });

    it("leaves nothing on Docker Desktop", async () => {
      assert.match(await namespaceIn(workspace, "docker-desktop"), /NotFound/);
    });

    it("changes nothing in a second up", async () => {
      assert.match(await up(workspace, "minikube"), /Resources:\n\s+12 unchanged/);
    });

    it("goes back the same way", async () => {
      workspace.configure(configs.dev);
      await up(workspace, "dev");
      assert.match(await title(workspace, "localhost"), /^200 The install worked/);
      assert.match(await namespaceIn(workspace, "minikube"), /NotFound/);
      await destroy(workspace, "dev");
      assert.match(await namespaceIn(workspace, "docker-desktop"), /NotFound/);
    });
  });

  describe("two stacks that are up at the same time", () => {
    let dev: Workspace;
    let other: Workspace;

    before(async () => {
      dev = await workspaceFor("dev");
      other = await workspaceFor("minikube");
      await up(dev, "dev");
      await up(other, "minikube");
    });

    it("both serve the page", async () => {
      assert.match(await title(dev, "localhost"), /^200 The install worked/);
      assert.match(await title(other, "192.168.49.2"), /^200 The install worked/);
    });

    it("find nothing to change", async () => {
      assert.match(await up(dev, "dev"), /Resources:\n\s+12 unchanged/);
      assert.match(await up(other, "minikube"), /Resources:\n\s+12 unchanged/);
    });

    it("leave each other alone when one is destroyed", async () => {
      await destroy(dev, "dev");
      assert.match(await namespaceIn(dev, "docker-desktop"), /NotFound/);
      assert.match(await title(other, "192.168.49.2"), /^200 The install worked/);
      assert.match(await up(other, "minikube"), /Resources:\n\s+12 unchanged/);
      await destroy(other, "minikube");
    });
  });

  describe("a minikube with containerd that was deleted and started anew", () => {
    let workspace: Workspace;
    /** What `minikube delete` and `minikube start` do, but for the base image, which would have to be built anew. */
    const deleteObjectsAndImages = async (image: string): Promise<void> => {
      await stopCluster(isolated);
      fs.rmSync(path.join(clusterData(isolated), "etcd"), { recursive: true });
      await startCluster(isolated);
      const remove = ["--host", `unix://${clusterFiles(isolated).dockerSocket}`, "image", "rm", "--force", image];
      const { exitCode, output } = await workspace.docker(...remove);
      assert.equal(exitCode, 0, output);
    };
    const loads = (): number => minikube.asked().filter((line) => line.includes("image load")).length;

    before(async () => {
      minikube.say({ runtime: "containerd" });
      workspace = await workspaceFor("minikube");
      // The image is built on this machine's daemon.
      await up(workspace, "dev");
    });
    after(() => {
      minikube.say({});
    });

    it("is given the image again, and serves the page", async () => {
      assert.equal(loads(), 1);
      await deleteObjectsAndImages(await workspace.output("image"));
      await up(workspace, "dev");
      assert.equal(loads(), 2);
      assert.match(await title(workspace, "192.168.49.2"), /^200 The install worked/);
    });

    it("keeps it: taking the earlier one away does not take this one", async () => {
      const listed = await workspace.run("minikube", ["-p", "minikube", "image", "ls"], shell(workspace, "dev"));
      assert.ok(listed.output.includes(await workspace.output("image")), listed.output);
      assert.match(await up(workspace, "dev"), /Resources:\n\s+14 unchanged/);
      await destroy(workspace, "dev");
    });
  });
});
