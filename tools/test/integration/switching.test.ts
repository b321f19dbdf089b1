import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { postgresImageOf } from "../../../components/app/postgresImage";
import { waitUntilServed } from "../../commands/up";
import { isRunning, startCluster, stopCluster } from "../../sandbox/cluster/cluster";
import { clusterData, clusterFiles, isolated } from "../../sandbox/cluster/kinds";
import { ensureImage } from "../../sandbox/images/ensureImage";
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
      await workspace.removeImages(common.imageRepository);
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

  describe("a stack with rows in its database", () => {
    const config = { ...common, namespace: "switching-rows", database: "postgres" };
    let workspace: Workspace;

    const there = { ...config, target: "minikube" };
    const inShell = (cluster: Cluster, profile = "minikube"): NodeJS.ProcessEnv => {
      const variables = shell(workspace, cluster);
      // A profile's context has its name, and `work` is another cluster than `minikube`.
      const KUBECONFIG = [variables["KUBECONFIG"], `${workspace.folder}/work`].join(":");
      const isSet = variables["MINIKUBE_ACTIVE_DOCKERD"] !== undefined;
      return { ...variables, KUBECONFIG, ...(isSet ? { MINIKUBE_ACTIVE_DOCKERD: profile } : {}) };
    };
    const update = async (variables = inShell("minikube")): Promise<{ exitCode: number; output: string }> => {
      const flags = ["--yes", "--skip-preview", "--stack", "minikube", "--non-interactive", "--color", "never"];
      return await workspace.run("pulumi", ["up", ...flags], variables);
    };
    const psql = async (sql: string): Promise<string> => {
      const place = ["--context", "minikube", "--namespace", there.namespace, "exec", "kubernetes-django-database-0"];
      const query = ["psql", "--username=django", "--quiet", "--tuples-only", "--no-align", "--command", sql];
      const { exitCode, output } = await workspace.run("kubectl", [...place, "--", ...query], inShell("minikube"));
      assert.equal(exitCode, 0, output);
      return output.trim();
    };

    before(async () => {
      await ensureImage(isolated, postgresImageOf(17));
      workspace = await workspaceFor("minikube");
      workspace.configure(there);
      const work = fs.readFileSync(`${workspace.folder}/kubeconfig`, "utf8").replaceAll('"docker-desktop"', '"work"');
      fs.writeFileSync(`${workspace.folder}/work`, work);
      const { exitCode, output } = await update();
      assert.equal(exitCode, 0, output);
      await psql("CREATE TABLE shelf AS SELECT n FROM generate_series(1, 1000) AS n");
    });
    after(async () => {
      minikube.say({});
      workspace.configure(there);
      await pulumi(workspace, inShell("minikube"), "state", "unprotect", "--all", "--yes");
    });

    for (const { changed, to, context, variables, profile = {} } of [
      {
        changed: "target",
        to: { target: "docker-desktop" },
        context: "docker-desktop",
        variables: () => inShell("dev"),
      },
      {
        changed: "profile",
        to: { target: "minikube", minikubeProfile: "work" },
        context: "work",
        variables: () => inShell("minikube", "work"),
        profile: { name: "work", apiServer: ["127.0.0.1", 16443] as [string, number] },
      },
      {
        changed: "kube context",
        to: { target: "docker-desktop", kubeContext: "work" },
        context: "work",
        variables: () => inShell("dev"),
      },
    ]) {
      it(`keeps them where another ${changed} leads to another cluster, and changes nothing`, async () => {
        workspace.configure({ ...config, ...to });
        minikube.say(profile);
        const { exitCode, output } = await update(variables());
        assert.notEqual(exitCode, 0, output);
        assert.ok(
          output.includes(
            `Stack minikube keeps data in the volume "kubernetes-django-database" of the cluster of kube context "minikube" (protectData is true), and "${context}" leads to another cluster; deploy there with a stack of its own, or lead this one back`,
          ),
          output,
        );
        minikube.say({});
        workspace.configure(there);
        assert.equal(await psql("SELECT count(*) FROM shelf"), "1000");
        assert.match((await update()).output, /Resources:\n\s+\d+ unchanged/);
      });
    }
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
