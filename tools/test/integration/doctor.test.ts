import assert from "node:assert/strict";
import fs from "node:fs";

import type { StackState } from "../../pulumi/state";
import { Checkout } from "./helpers/checkout";
import { availableBuilder, getTools } from "./helpers/cluster";
import { type SplitResult, Workspace } from "./helpers/workspace";

const id = `doctor-${process.pid}`;

describe("npm run doctor", () => {
  let checkout: Checkout;
  let image: string;

  /** What the table says about a subject: the row with its mark and detail, and what helps in the row below. */
  const say = ({ stdout }: SplitResult, subject: string): { row: string; help: string } => {
    const lines = stdout.split("\n").map((line) => line.trim().replaceAll(/\s{2,}/g, "  "));
    const index = lines.findIndex((line) => line.slice(1).startsWith(`  ${subject}  `));
    const next = lines[index + 1] ?? "";
    return { row: lines[index] ?? stdout, help: next.startsWith("→") ? next.slice(2) : "" };
  };
  const doctor = async (environment: NodeJS.ProcessEnv = {}): Promise<SplitResult> =>
    await checkout.npmWith(environment, "doctor", "dev");

  before(async () => {
    const config = { target: "docker-desktop", builder: await availableBuilder(), debug: true };
    const workspace = await Workspace.create(await getTools(), "dev", {
      ...config,
      namespace: id,
      imageRepository: id,
    });
    checkout = new Checkout(workspace);
  });
  after(async () => {
    await checkout.workspace.deleteNamespaces(id, `${id}-left`);
    await checkout.clean(id);
  });

  it("succeeds for a stack that was never deployed", async () => {
    const result = await doctor();
    assert.equal(result.exitCode, 0, result.output);
    assert.deepEqual(say(result, "state"), { row: "!  state  nothing is deployed", help: "run `npm run up -- dev`" });
  });

  it("succeeds for a deployed stack, with the versions and places of what it depends on", async () => {
    await checkout.up("dev");
    const result = await doctor();
    assert.equal(result.exitCode, 0, result.output);
    assert.match(say(result, "Node.js").row, new RegExp(`✓ {2}Node.js {2}${process.versions.node} in /`));
    assert.match(say(result, "Pulumi").row, /^✓ {2}Pulumi {2}3\.\d+\.\d+ in \//);
    assert.match(say(result, "plugin kubernetes").row, /^✓ {2}plugin kubernetes {2}4\.\d+\.\d+$/);
    assert.match(say(result, "Docker daemon").row, /^✓ {2}Docker daemon {2}unix:\/\/\S+ answers, linux\//);
    assert.match(say(result, "kube context").row, /^✓ {2}kube context {2}docker-desktop at https:\S+ answers$/);
    assert.match(say(result, "state").row, /^✓ {2}state {2}\d+ resources$/);
    assert.equal(say(result, "lock").row, "✓  lock  none");
    assert.equal(say(result, "pending operations").row, "✓  pending operations  none");
    image = (await checkout.state("dev")).deployment.resources?.[0]?.outputs?.["image"] as string;
    assert.equal(say(result, "deployed image").row, `✓  deployed image  ${image}`);
    assert.match(result.stdout, /^All is well with stack dev$/m);
    assert.doesNotMatch(result.stdout, /^Stack dev|^State in|Checking/m, "progress is on standard output");
  });

  it("fails for a deployed image that is gone, which the next up builds again", async () => {
    await checkout.workspace.docker("image", "rm", "--force", image);
    const result = await doctor();
    assert.equal(result.exitCode, 1, result.output);
    assert.deepEqual(say(result, "deployed image"), {
      row: `✗  deployed image  ${image} is no longer on the Docker daemon`,
      help: "run `npm run up -- dev`",
    });
    await checkout.up("dev");
    assert.equal((await doctor()).exitCode, 0);
  });

  it("fails for the lock and the pending operation of a killed process, which the next up repairs", async () => {
    const file = checkout.stateFile("dev");
    const lock = {
      pid: 2 ** 22 + 1,
      username: "me",
      hostname: (await import("node:os")).hostname(),
      timestamp: new Date(),
    };
    const folder = `${checkout.stateFolder}/locks/organization/kubernetes-django/dev`;
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(`${folder}/killed.json`, JSON.stringify(lock));
    const checkpoint = JSON.parse(fs.readFileSync(file, "utf8")) as {
      checkpoint: { latest: StackState["deployment"] };
    };
    const { latest } = checkpoint.checkpoint;
    const resource = latest.resources?.find(({ type }) => type === "kubernetes:core/v1:Service");
    assert.ok(resource);
    latest.pending_operations = [{ type: "updating", resource }];
    fs.writeFileSync(file, JSON.stringify(checkpoint));

    const result = await doctor();
    assert.equal(result.exitCode, 1, result.output);
    assert.match(
      say(result, "lock").row,
      new RegExp(`^✗ {2}lock {2}Process ${lock.pid}, which was killed, left the lock`),
    );
    assert.deepEqual(say(result, "pending operations"), {
      row: "✗  pending operations  updating Service kubernetes-django-service",
      help: "run `npm run up -- dev`",
    });
    await checkout.up("dev");
    assert.equal((await doctor()).exitCode, 0);
  });

  it("names namespaces of this project that no stack has", async () => {
    const { workspace } = checkout;
    await workspace.kubectl("create", "namespace", `${id}-left`);
    await workspace.kubectl(
      "-n",
      `${id}-left`,
      "create",
      "deployment",
      "kubernetes-django",
      "--replicas=0",
      "--image=a",
    );
    await workspace.kubectl(
      "-n",
      `${id}-left`,
      "label",
      "deployment",
      "kubernetes-django",
      "app=django",
      "--overwrite",
    );
    const { exitCode, output } = await doctor();
    assert.equal(exitCode, 0, output);
    assert.ok(
      output.includes(`npm run kubectl -- --stack dev --context docker-desktop delete namespace ${id}-left`),
      output,
    );
    assert.ok(!output.includes(`delete namespace ${id}\``), output);
  });

  it("and npm run manage say how to start a cluster that does not answer, and start nothing", async () => {
    const { exitCode, output } = await checkout.npmWith(checkout.unreachableCluster(), "manage", "dev", "check");
    assert.equal(exitCode, 1);
    assert.equal(
      output,
      'error: manage.py runs in a pod of stack dev, and the cluster of kube context "docker-desktop" at https://127.0.0.1:9 cannot be reached (ECONNREFUSED); start Docker Desktop and turn on Settings > Kubernetes > Enable Kubernetes.',
    );
  });

  it("says how to start a cluster and a daemon that do not answer, and starts nothing", async () => {
    const { workspace } = checkout;
    const home = checkout.path("home-without-docker");
    const result = await doctor({
      ...checkout.unreachableCluster(),
      HOME: home,
      PULUMI_HOME: workspace.environment["PULUMI_HOME"],
    });
    assert.equal(result.exitCode, 1, result.output);
    assert.deepEqual(say(result, "kube context"), {
      row: "✗  kube context  docker-desktop at https://127.0.0.1:9 does not answer (connect ECONNREFUSED 127.0.0.1:9)",
      help: "start Docker Desktop and turn on Settings > Kubernetes > Enable Kubernetes",
    });
    assert.match(
      say(result, "Docker daemon").row,
      /^✗ {2}Docker daemon {2}No Docker daemon was found for target "docker-desktop": /,
    );
  });

  it("installs nothing", async () => {
    const empty = {
      XDG_CACHE_HOME: checkout.path("cache"),
      PULUMI_HOME: checkout.path("pulumi"),
      PATH: "/usr/bin:/bin",
    };
    const result = await doctor(empty);
    assert.equal(result.exitCode, 1, result.output);
    assert.deepEqual(say(result, "Pulumi"), { row: "✗  Pulumi  is not installed", help: "run `npm run up -- dev`" });
    assert.match(
      say(result, "plugin kubernetes").row,
      /^✗ {2}plugin kubernetes {2}\S+ is not in Pulumi's plugin cache$/,
    );
    assert.deepEqual(
      [empty.XDG_CACHE_HOME, empty.PULUMI_HOME].filter((folder) => fs.existsSync(folder)),
      [],
    );
  });
});
