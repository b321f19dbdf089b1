import assert from "node:assert/strict";

import { importState } from "../../pulumi/state";
import { createStack } from "../../pulumi/stacks";
import { until } from "../../waiting";
import { Checkout } from "./helpers/checkout";
import { availableBuilder, getTools } from "./helpers/cluster";
import { Workspace } from "./helpers/workspace";

const repository = `prune-${process.pid}`;
const others = `${repository}-other`;

describe("npm run prune", () => {
  let checkout: Checkout;
  let deployed: string[];

  const docker = async (...args: string[]): Promise<string> => {
    const { exitCode, output } = await checkout.workspace.docker(...args);
    assert.equal(exitCode, 0, output);
    return output.trim();
  };
  /** The images of both repositories, sorted. */
  const images = async (): Promise<string[]> => {
    const lines = await docker("image", "ls", "--format", "{{.Repository}}:{{.Tag}}");
    return lines
      .split("\n")
      .filter((line) => line.startsWith(repository))
      .sort();
  };
  const unused = `${repository}:00000000000a`;
  const kept = {
    "another project's repository": `${others}:00000000000a`,
    "a tag that somebody chose": `${repository}:latest`,
    "a version": `${repository}:1.0.0`,
    "a pod of another namespace": `${repository}:00000000000b`,
    "a ReplicaSet of another namespace without pods": `docker.io/library/${repository}:00000000000c`,
    "another stack of the project": `${repository}:00000000000d`,
    "a container of no cluster": `${repository}:00000000000e`,
  };
  const familiar = (reference: string): string => reference.replace("docker.io/library/", "");

  before(async () => {
    const { workspace } = (checkout = new Checkout(
      await Workspace.create(await getTools(), "dev", {
        target: "docker-desktop",
        builder: await availableBuilder(),
        namespace: repository,
        imageRepository: repository,
        debug: true,
      }),
    ));
    await checkout.up("dev");
    workspace.edit("app/templates/index.html", (text) => text.replace("</title>", "!</title>"));
    await checkout.up("dev");
    deployed = await images();
    assert.equal(deployed.length, 2);
    // Each import is an image of its own: by a common one the container would protect them all.
    await workspace.run("tar", ["-cf", "image.tar", "Pulumi.yaml"]);
    for (const reference of [unused, ...Object.values(kept)]) {
      await docker("import", "--message", reference, "image.tar", reference);
    }
    await docker("create", "--name", repository, kept["a container of no cluster"], "nothing");
    await workspace.kubectl("create", "namespace", others);
    await workspace.kubectl(
      "-n",
      others,
      "create",
      "deployment",
      "a",
      "--replicas=0",
      "--image",
      kept["a ReplicaSet of another namespace without pods"],
    );
    const spec = {
      nodeSelector: { nowhere: "true" },
      automountServiceAccountToken: false,
      containers: [{ name: "a", image: kept["a pod of another namespace"] }],
    };
    await workspace.kubectl("-n", others, "create", "serviceaccount", "default");
    await workspace.kubectl(
      "-n",
      others,
      "run",
      "a",
      "--image",
      kept["a pod of another namespace"],
      "--overrides",
      JSON.stringify({ apiVersion: "v1", spec }),
    );
    // Its controller makes it a moment after the Deployment.
    await until(
      async () => {
        assert.match(await workspace.kubectl("-n", others, "get", "replicasets", "--output", "name"), /\/a-/);
      },
      { seconds: 120, pauseMilliseconds: 500 },
    );
    const stack = "second";
    checkout.configure(stack, { target: "docker-desktop", imageRepository: repository });
    await createStack({ ...workspace.cli, stack });
    await importState(workspace, stack, {
      version: 3,
      deployment: {
        manifest: { time: new Date().toISOString(), magic: "", version: "" },
        resources: [
          {
            urn: `urn:pulumi:${stack}::kubernetes-django::pulumi:pulumi:Stack::kubernetes-django-${stack}`,
            type: "pulumi:pulumi:Stack",
            custom: false,
            outputs: { image: kept["another stack of the project"] },
          },
        ],
      },
    });
  });
  after(async () => {
    const { workspace } = checkout;
    await workspace.deleteNamespaces(others, repository);
    await workspace.docker("rm", repository);
    await workspace.docker("image", "rm", "--force", familiar(kept["another project's repository"]));
    await checkout.clean(repository);
  });

  it("only lists what it would remove, and who uses the rest", async () => {
    const before = await images();
    const { exitCode, output } = await checkout.npm("prune", "dev");
    assert.equal(exitCode, 0, output);
    const lines = output.split("\n");
    assert.deepEqual(
      lines.filter((line) => line.includes("would be removed")).map((line) => line.trim().split(/\s+/)[0]),
      [unused],
    );
    assert.match(output, /Nothing was removed; `npm run prune -- dev --yes` removes 1 image$/m);
    const users: [reference: string, by: RegExp][] = [
      [kept["a pod of another namespace"], new RegExp(`used by Pod ${others}/a`)],
      [kept["a ReplicaSet of another namespace without pods"], new RegExp(`used by ReplicaSet ${others}/a-`)],
      [kept["another stack of the project"], /used by stack second/],
      [kept["a container of no cluster"], new RegExp(`used by container ${repository}`)],
      ...deployed.map((reference): [string, RegExp] => [reference, /used by (Pod|ReplicaSet) /]),
    ];
    for (const [reference, by] of users) {
      assert.match(lines.find((line) => line.includes(familiar(reference))) ?? output, by);
    }
    assert.deepEqual(await images(), before);
  });

  it("removes that with --yes, and then finds nothing more", async () => {
    const before = await images();
    const { exitCode, output } = await checkout.npm("prune", "dev", "--yes");
    assert.equal(exitCode, 0, output);
    assert.deepEqual(
      await images(),
      before.filter((reference) => reference !== unused),
    );
    const again = await checkout.npm("prune", "dev", "--yes");
    assert.equal(again.exitCode, 0, again.output);
    assert.match(again.output, /Nothing to remove: every image of this project is in use$/m);
  });

  it("removes nothing when the cluster cannot say what it uses", async () => {
    await docker("import", "image.tar", unused);
    const { exitCode, output } = await checkout.npmWith(checkout.unreachableCluster(), "prune", "dev", "--yes");
    assert.notEqual(exitCode, 0);
    assert.match(
      output,
      /^error: The cluster of kube context "docker-desktop" .* cannot be reached \(ECONNREFUSED\); run `npm run doctor -- dev` to see what helps\.$/m,
    );
    assert.ok((await images()).includes(unused));
  });
});
