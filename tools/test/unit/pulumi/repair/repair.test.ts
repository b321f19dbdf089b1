import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { currentDeployment, repair } from "../../../../pulumi/repair/repair";
import type { Deployment, StackState, StoredResource } from "../../../../pulumi/state";
import type { PulumiCli } from "../../../../stack/stack";
import { ownEnvironment } from "../../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";
import { isProblem } from "../../../../../test/unit/helpers/problems";
import { always, localServers } from "../../../../../test/unit/helpers/servers";

const image: StoredResource = {
  urn: "urn:pulumi:dev::shop::docker:index/image:Image::shop",
  type: "docker:index/image:Image",
};
const stackResource: StoredResource = {
  urn: "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev",
  type: "pulumi:pulumi:Stack",
  outputs: { image: "shop:0123456789ab" },
};
const service: StoredResource = {
  urn: "urn:pulumi:dev::shop::kubernetes:core/v1:Service::web",
  type: "kubernetes:core/v1:Service",
  inputs: { apiVersion: "v1", kind: "Service", metadata: { name: "web", namespace: "shop" } },
};

describe("The repair of a stack", () => {
  ownEnvironment();
  const folder = temporaryFolder();
  const { serve } = localServers();
  const printed: string[] = [];
  const { error } = console;

  beforeEach(() => {
    printed.length = 0;
    console.error = (line: string) => printed.push(line);
    folder.write({
      "Pulumi.yaml": "name: kubernetes-django\n",
      "Pulumi.dev.yaml": "config:\n  kubernetes-django:target: docker-desktop\n",
      "bin/pulumi": {
        executable:
          '#!/bin/sh\ncase "$*" in\n"stack export"*) cat state.json ;;\n"stack import"*) cat >imported.json ;;\n"state unprotect"*) echo "$3" >>unprotected ;;\nesac\n',
      },
      "bin/docker": { executable: "#!/bin/sh\necho 'Error: No such image' >&2\nexit 1\n" },
    });
    process.chdir(folder.path());
  });
  afterEach(() => {
    console.error = error;
  });

  /** A stack whose state is in the checkout, or elsewhere. */
  const cli = (url = pathToFileURL(folder.path()).href): PulumiCli => ({
    stack: "dev",
    folder: folder.path(),
    configFile: folder.path("Pulumi.dev.yaml"),
    environment: {
      PATH: [folder.path("bin"), process.env["PATH"]].join(path.delimiter),
      PULUMI_BACKEND_URL: url,
    },
  });
  const imported = (): StackState => JSON.parse(fs.readFileSync("imported.json", "utf8")) as StackState;
  const interrupted = (...types: string[]): Deployment => ({
    resources: [stackResource],
    pending_operations: types.map((type) => ({ type, resource: service })),
  });
  const store = (deployment: Deployment): void => {
    folder.write({ "state.json": JSON.stringify({ version: 3, deployment }) });
  };
  const hasImage = (): void => {
    folder.write({ "bin/docker": { executable: "#!/bin/sh\necho sha256:1\n" } });
  };

  it("has nothing to do for a stack that is whole", async () => {
    hasImage();
    assert.deepEqual(await repair(cli(), { resources: [stackResource, image] }), []);
    assert.deepEqual(printed, []);
  });

  it("has the image built again that the Docker daemon has lost", async () => {
    assert.deepEqual(await repair(cli(), { resources: [stackResource, image] }), ["--replace", image.urn]);
    assert.deepEqual(printed, [
      "The image shop:0123456789ab is no longer on the Docker daemon: this update builds it again",
    ]);
  });

  it("has the image of another app built again, too, though index.ts exports none of it", async () => {
    folder.write({
      "bin/docker": {
        executable: `#!/bin/sh\ncase "$*" in *shop:*) echo sha256:1 ;; *) echo 'No such image' >&2; exit 1 ;; esac\n`,
      },
    });
    const blog = {
      urn: "urn:pulumi:dev::shop::django:index:DjangoImage::blog",
      type: "django:index:DjangoImage",
      outputs: { reference: "blog:0123456789ab" },
    };
    assert.deepEqual(await repair(cli(), { resources: [stackResource, blog, image] }), ["--replace", image.urn]);
    assert.deepEqual(printed, [
      "The image blog:0123456789ab is no longer on the Docker daemon: this update builds it again",
    ]);
  });

  it("leaves a lost image lost where the stack is destroyed", async () => {
    assert.deepEqual(await repair(cli(), { resources: [stackResource, image] }, "destroy"), []);
  });

  it("asks no Docker daemon for an image that is in a registry", async () => {
    const outputs = { image: `registry.test/shop:1@sha256:${"0".repeat(64)}` };
    assert.deepEqual(await repair(cli(), { resources: [{ ...stackResource, outputs }, image] }), []);
  });

  it("drops operations that the next update does again, and has it refresh", async () => {
    const deployment = interrupted("updating", "deleting");
    store(deployment);
    assert.deepEqual(await repair(cli(), deployment, "destroy"), ["--refresh"]);
    assert.deepEqual(imported(), { version: 3, deployment: { resources: [stackResource], pending_operations: [] } });
    assert.deepEqual(printed, [
      "The last operation was interrupted while updating Service web, deleting Service web: this one finishes it",
    ]);
  });

  const clusters: [what: string, status: number, manager: string, ids: (string | undefined)[]][] = [
    ["takes over an object that was being made and is there", 200, "pulumi-kubernetes-1a2b", [undefined, "shop/web"]],
    ["forgets an object that was being made and is not there", 404, "", [undefined]],
    ["forgets an object that somebody else made", 200, "kubectl", [undefined]],
  ];
  for (const [what, status, manager, ids] of clusters) {
    it(what, async () => {
      const object = { metadata: { managedFields: [{ manager, operation: "Apply" }] } };
      const port = await serve(always(status, object));
      folder.write({
        kubeconfig: JSON.stringify({
          contexts: [{ name: "docker-desktop", context: { cluster: "c" } }],
          clusters: [{ name: "c", cluster: { server: `http://127.0.0.1:${port}` } }],
        }),
      });
      process.env["KUBECONFIG"] = folder.path("kubeconfig");
      const deployment = interrupted("creating");
      store(deployment);
      assert.deepEqual(await repair(cli(), deployment, "destroy"), ["--refresh"]);
      const { resources = [], pending_operations: pending } = imported().deployment;
      assert.deepEqual(
        resources.map(({ id }) => id),
        ids,
      );
      assert.deepEqual(pending, []);
    });
  }

  for (const [title, spec, unprotected] of [
    ["lets a claim be replaced that never got a volume", {}, true],
    ["goes on protecting a claim that has its volume", { volumeName: "pvc-1" }, false],
  ] as const) {
    it(title, async () => {
      const port = await serve(always(200, { spec }));
      folder.write({
        kubeconfig: JSON.stringify({
          contexts: [{ name: "docker-desktop", context: { cluster: "c" } }],
          clusters: [{ name: "c", cluster: { server: `http://127.0.0.1:${port}` } }],
        }),
      });
      process.env["KUBECONFIG"] = folder.path("kubeconfig");
      const type = "kubernetes:core/v1:PersistentVolumeClaim";
      const metadata = { name: "media", namespace: "shop" };
      const inputs = { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata };
      const claim = { urn: `urn:pulumi:dev::shop::${type}::media`, type, inputs, protect: true };
      assert.deepEqual(await repair(cli(), { resources: [claim] }), []);
      assert.equal(fs.existsSync("unprotected"), unprotected);
      assert.equal(unprotected && fs.readFileSync("unprotected", "utf8"), unprotected && `${claim.urn}\n`);
    });
  }

  const lockFolder = ".pulumi/locks/organization/kubernetes-django/dev";
  const lockOf = (hostname: string): string =>
    JSON.stringify({ pid: 2 ** 30, username: "me", hostname, timestamp: "2026-11-22T10:00:00Z" });

  it("removes the lock of a killed process, and says so", async () => {
    folder.write({ [`${lockFolder}/a.json`]: lockOf(os.hostname()) });
    assert.deepEqual(await repair(cli(), {}), []);
    assert.deepEqual(fs.readdirSync(lockFolder), []);
    assert.match(printed.join("\n"), /^Process 1073741824, which was killed, left the lock of stack dev .*: removed$/);
  });

  it("stops at a lock of another machine, before it changes the state", async () => {
    folder.write({ [`${lockFolder}/a.json`]: lockOf("elsewhere.test") });
    await assert.rejects(
      repair(cli(), interrupted("creating")),
      /is locked by process 1073741824 of user me on elsewhere.test/,
    );
    assert.equal(fs.existsSync("imported.json"), false);
  });

  it("leaves locks to Pulumi where the state is elsewhere", async () => {
    folder.write({ [`${lockFolder}/a.json`]: lockOf(os.hostname()) });
    assert.deepEqual(await repair(cli("file:///elsewhere"), {}), []);
    assert.deepEqual(fs.readdirSync(lockFolder), ["a.json"]);
  });
});

describe("What a stack has deployed", () => {
  ownEnvironment();
  const folder = temporaryFolder();
  const file = ".pulumi/stacks/kubernetes-django/dev.json";
  const read = async (url = pathToFileURL(folder.path()).href): Promise<Deployment> =>
    await currentDeployment({
      stack: "dev",
      folder: folder.path(),
      configFile: "",
      environment: {
        PATH: [folder.path("bin"), process.env["PATH"]].join(path.delimiter),
        PULUMI_BACKEND_URL: url,
      },
    });

  beforeEach(() => {
    folder.write({
      [file]: JSON.stringify({ version: 3, checkpoint: { latest: { resources: [service] } } }),
      "bin/pulumi": {
        executable: `#!/bin/sh\necho '${JSON.stringify({ version: 3, deployment: { resources: [image] } })}'\n`,
      },
    });
    process.chdir(folder.path());
  });

  it("is read from the checkout's own state without Pulumi", async () => {
    assert.deepEqual(await read(), { resources: [service] });
  });

  it("is nothing for a stack on which nothing was done yet", async () => {
    folder.write({ [file]: JSON.stringify({ version: 3, checkpoint: { stack: "dev" } }) });
    assert.deepEqual(await read(), {});
  });

  for (const [what, set] of [
    ["where the state is elsewhere", (): string => "s3://states"],
    [
      "where the checkout's state has another form",
      (): undefined => {
        fs.rmSync(file);
      },
    ],
  ] as const) {
    it(`is asked of Pulumi ${what}`, async () => {
      assert.deepEqual(await read(set()), { resources: [image] });
    });
  }

  it("is not read when it could not be written", async () => {
    const { accessSync } = fs;
    fs.accessSync = (name) => {
      throw Object.assign(new Error(String(name)), { code: "EROFS" });
    };
    try {
      await assert.rejects(
        read(),
        isProblem(
          "The state of stack dev cannot be written (EROFS at .pulumi); make its file system writable with `sudo mount -o remount,rw PLACE`.",
        ),
      );
    } finally {
      fs.accessSync = accessSync;
    }
  });
});
