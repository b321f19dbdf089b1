import assert from "node:assert/strict";
import fs from "node:fs";

import { waitUntilServed } from "../../commands/up";
import { isRunning, startCluster, stopCluster } from "../../sandbox/cluster/cluster";
import { clusterFiles, isolated, local } from "../../sandbox/cluster/kinds";
import { getTools, needPlugin } from "./helpers/cluster";
import { type FakeMinikube, installFakeMinikube } from "./helpers/fakeMinikube";
import { Workspace } from "./helpers/workspace";

const namespace = "minikube-stack";
/** Its own in each run: the daemons keep the images of earlier ones. */
const repository = `minikube-stack-${process.pid}`;
const base = { target: "minikube", debug: true, namespace, imageRepository: repository, builder: "docker-build" };

describe("stack minikube on a separate daemon", () => {
  let workspace: Workspace;
  let minikube: FakeMinikube;
  let wasRunning = true;

  const environment = (): NodeJS.ProcessEnv => ({
    PATH: [minikube.folder, workspace.environment["PATH"]].join(":"),
    KUBECONFIG: clusterFiles(isolated).kubeconfig,
    DOCKER_HOST: "tcp://192.168.49.2:2376",
    DOCKER_TLS_VERIFY: "1",
    DOCKER_CERT_PATH: clusterFiles(isolated).dockerCerts,
    MINIKUBE_ACTIVE_DOCKERD: "minikube",
  });
  const pulumi = async (variables: NodeJS.ProcessEnv, ...args: string[]): Promise<string> => {
    const flags = ["--stack", "minikube", "--non-interactive", "--color", "never"];
    const { exitCode, output: said } = await workspace.run("pulumi", [...args, ...flags], {
      ...environment(),
      ...variables,
    });
    assert.equal(exitCode, 0, said);
    return said;
  };
  const up = async (variables: NodeJS.ProcessEnv = {}): Promise<string> =>
    await pulumi(variables, "up", "--yes", "--skip-preview");
  /** One output of the stack. */
  const output = async (name: string): Promise<string> => (await pulumi({}, "stack", "output", name)).trim();
  const images = async (kind: typeof isolated): Promise<string[]> => {
    const args = ["image", "ls", "--format", "{{.Repository}}:{{.Tag}}", repository];
    const host = ["--host", `unix://${clusterFiles(kind).dockerSocket}`];
    const plain = { DOCKER_HOST: "", DOCKER_TLS_VERIFY: "", DOCKER_CERT_PATH: "" };
    const result = await workspace.run("docker", [...host, ...args], plain);
    return result.output.split("\n").filter((line) => line !== "");
  };

  before(async function () {
    await needPlugin(this, "docker-build");
    wasRunning = await isRunning(isolated);
    await startCluster(isolated);
    workspace = await Workspace.create(await getTools(), "minikube", base);
    minikube = installFakeMinikube(workspace.folder);
  });
  after(async () => {
    await pulumi({}, "destroy", "--yes", "--skip-preview").catch(() => undefined);
    await workspace.removeImages(repository);
    fs.rmSync(workspace.folder, { recursive: true, force: true });
    if (!wasRunning) {
      await stopCluster(isolated);
    }
  });

  it("builds on minikube's daemon and serves the page at minikube's address", async () => {
    await up();
    const url = await output("url");
    assert.match(url, /^http:\/\/192\.168\.49\.2:3[0-2][0-9]{3}\/$/);
    assert.match(await waitUntilServed(url), /^200 The install worked successfully/);
    const image = await output("image");
    assert.deepEqual(await images(isolated), [image]);
    assert.deepEqual(await images(local), []);
  });

  it("changes nothing in a second up", async () => {
    assert.match(await up(), /Resources:\n\s+12 unchanged/);
  });

  it("still refreshes and destroys after minikube's daemon moved to another port", async () => {
    const moved = { DOCKER_HOST: "tcp://192.168.49.2:2999" };
    await pulumi(moved, "refresh", "--yes", "--skip-preview");
    assert.match(await pulumi(moved, "destroy", "--preview-only"), /12 to delete/);
  });

  it("keeps what is protected on the state's own minikube, whatever profile the config names by now", async () => {
    const urn = "urn:pulumi:minikube::kubernetes-django::django:index:DjangoApp$kubernetes:core/v1:Namespace";
    const protect = `${urn}::kubernetes-django-namespace`;
    await pulumi({}, "state", "protect", protect, "--yes");
    workspace.configure({ ...base, minikubeProfile: "work" });
    const down = await workspace.run("node", ["tools/bootstrap.mjs", "down", "minikube"], environment());
    workspace.configure(base);
    await pulumi({}, "state", "unprotect", protect, "--yes");
    assert.equal(down.exitCode, 1, down.output);
    assert.match(down.output, /protects kubernetes-django-namespace from being deleted, so nothing was destroyed/);
    assert.match(await up(), /Resources:\n\s+12 unchanged/);
  });

  it("ends down clean when the minikube was deleted, and says what it skipped", async () => {
    await pulumi({}, "stack", "export", "--file", "state.json");
    minikube.say(undefined);
    const empty = `${workspace.folder}/empty-kubeconfig`;
    fs.writeFileSync(empty, "apiVersion: v1\nkind: Config\n");
    const args = ["tools/bootstrap.mjs", "down", "minikube"];
    const { exitCode, output: said } = await workspace.run("node", args, { ...environment(), KUBECONFIG: empty });
    assert.equal(exitCode, 0, said);
    assert.match(
      said,
      /^Kube context minikube was deleted, and with it everything of the stack: only its state is cleared$/m,
    );
    const { deployment } = JSON.parse(await pulumi({}, "stack", "export")) as { deployment: { resources?: object[] } };
    assert.deepEqual(deployment.resources ?? [], []);
    minikube.say({});
    await pulumi({}, "stack", "import", "--file", "state.json");
  });

  it("leaves nothing behind after destroy", async () => {
    await pulumi({}, "destroy", "--yes", "--skip-preview");
    const kubeconfig = ["--kubeconfig", clusterFiles(isolated).kubeconfig];
    assert.match((await workspace.run("kubectl", [...kubeconfig, "get", "namespace", namespace])).output, /NotFound/);
  });

  describe("with a runtime that shares no daemon", () => {
    // The image is built on this machine's own daemon: here the local sandbox's, under HOME.
    const host = {
      DOCKER_HOST: `unix://${clusterFiles(local).dockerSocket}`,
      DOCKER_TLS_VERIFY: "",
      DOCKER_CERT_PATH: "",
    };
    const loads = (): string[] => minikube.asked().filter((line) => line.includes("image load"));

    before(() => {
      minikube.say({ runtime: "containerd" });
    });

    it("builds on this machine's daemon and loads the image into minikube once", async () => {
      await up(host);
      assert.match(await waitUntilServed(await output("url")), /^200/);
      assert.equal(loads().length, 1);
      assert.ok((await images(isolated)).includes(await output("image")));
    });

    it("loads nothing when nothing changed", async () => {
      assert.match(await up(host), /Resources:\n\s+14 unchanged/);
      assert.equal(loads().length, 1);
    });

    it("loads a new tag once", async () => {
      workspace.edit("app/templates/index.html", (text) => text.replace("</title>", " edited</title>"));
      const before = await output("image");
      await up(host);
      assert.notEqual(await output("image"), before);
      assert.equal(loads().length, 2);
      assert.ok((await images(isolated)).includes(await output("image")));
    });

    it("removes the image it loaded on destroy", async () => {
      await pulumi(host, "destroy", "--yes", "--skip-preview");
      assert.deepEqual(await images(isolated), []);
    });
  });
});
