import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import type { StampedEvent } from "../../pulumi/engineEvents";
import { createStack } from "../../pulumi/stacks";
import { isRunning, startCluster, stopCluster, withoutDaemon } from "../../sandbox/cluster/cluster";
import { isolated } from "../../sandbox/cluster/kinds";
import { Checkout } from "./helpers/checkout";
import { availableBuilder, getTools, skip } from "./helpers/cluster";
import { type Result, Workspace } from "./helpers/workspace";

const stack = "dev";
const id = `failures-${process.pid}`;

/** What the engine is at when something of the machine fails. */
const begins =
  (type: string) =>
  ({ resourcePreEvent }: StampedEvent): boolean =>
    resourcePreEvent?.metadata.type.endsWith(type) === true && resourcePreEvent.metadata.op === "update";

/** On a cluster of its own: a developer's is not disturbed. */
describe("an up during which a part of the machine fails", () => {
  let checkout: Checkout;
  let isOurs = false;

  before(async function () {
    if (await isRunning(isolated)) {
      skip(this, "the isolated sandbox was running before the tests");
    }
    isOurs = true;
    await startCluster(isolated);
    const builder = await availableBuilder();
    // What lost the API server looks for it at ever longer intervals, up to half a minute.
    const config = { target: "docker-desktop", builder, debug: true, rolloutTimeoutSeconds: "120" };
    const place = { namespace: id, imageRepository: id, urlHost: "192.168.49.2" };
    checkout = new Checkout(await Workspace.create(await getTools(), stack, { ...config, ...place }, isolated));
    await createStack({ ...checkout.workspace.cli, stack });
    await checkout.up(stack);
  });
  after(async () => {
    await (checkout as Checkout | undefined)?.clean(id);
    if (isOurs) {
      await stopCluster(isolated);
    }
  });

  const edit = (): void => {
    checkout.workspace.edit("app/templates/index.html", (text) => text.replace("</title>", "!</title>"));
  };
  /** Runs `pulumi up` with a change in the sources, and has something fail at a moment. */
  const failAt = async (at: (event: StampedEvent) => boolean, fail: () => Promise<void>): Promise<Result> => {
    let failing: Promise<void> | undefined;
    const result = await checkout.start(stack, (event) => {
      if (failing === undefined && at(event)) {
        failing = fail();
      }
    });
    assert.ok(failing, `the moment never came:\n${result.output}`);
    await failing;
    return result;
  };
  /** It succeeded, or says why not; and in any case the next `npm run up` leaves the new content served. */
  const assertMended = async ({ exitCode, output }: Result, sentence: RegExp): Promise<void> => {
    if (exitCode !== 0) {
      assert.match(output, sentence);
    }
    const last = (await checkout.up(stack)).trimEnd().split("\n").at(-1) ?? "";
    assert.match(await (await fetch(last)).text(), /<title>/);
    assert.deepEqual(checkout.locks(stack), []);
    const { pending_operations: pending = [], resources = [] } = (await checkout.state(stack)).deployment;
    assert.deepEqual(pending, []);
    const image = resources[0]?.outputs?.["image"];
    const path = "jsonpath={.items[*].spec.containers[0].image}";
    const running = ["--field-selector=status.phase=Running", "-o", path];
    const images = await checkout.workspace.kubectl("-n", id, "get", "pods", ...running);
    assert.ok(images.split(" ").includes(String(image)), `${images} without ${String(image)}`);
  };

  it("is mended by the next one after the Docker daemon was restarted in the middle of the build", async () => {
    edit();
    checkout.workspace.edit("app/Dockerfile", (text) =>
      text.replace("RUN python -m compileall -qq", "RUN sleep 4 && python -m compileall -qq"),
    );
    const result = await failAt(begins(":Image"), async () => {
      await sleep(1000);
      await withoutDaemon(isolated, "dockerd");
    });
    await assertMended(result, /error: .*(daemon|EOF|closed|unavailable|connection|not open)/i);
  });

  it("goes on when the API server was away for 10 s in the middle of the rollout", async () => {
    edit();
    const result = await failAt(begins(":Deployment"), async () => {
      await withoutDaemon(isolated, "kube-apiserver", async () => {
        await sleep(10_000);
      });
    });
    await assertMended(result, /error: .*(refused|unreachable|EOF|reset)/i);
  });

  it("goes on when the kubelet was restarted in the middle of the rollout", async () => {
    edit();
    const result = await failAt(begins(":Deployment"), async () => {
      await withoutDaemon(isolated, "kubelet");
    });
    await assertMended(result, /error: .*(rollout|timed out|deadline)/i);
  });
});

describe("an up whose state cannot be written", () => {
  let checkout: Checkout;

  before(async () => {
    const config = { target: "docker-desktop", builder: await availableBuilder(), debug: true };
    const place = { namespace: `${id}-state`, imageRepository: `${id}-state` };
    checkout = new Checkout(await Workspace.create(await getTools(), stack, { ...config, ...place }));
    await checkout.up(stack);
  });
  after(async () => {
    await checkout.workspace.deleteNamespaces(`${id}-state`);
    await checkout.clean(`${id}-state`);
  });

  /** Nobody, root neither, may change a file or put another in its place. */
  const chattr = async (flag: "+i" | "-i"): Promise<Result> =>
    await checkout.workspace.run("chattr", [flag, checkout.stateFile(stack)]);

  it("ends with one sentence before it changes anything, and goes on once it can be written again", async function () {
    const { exitCode, output } = await chattr("+i");
    if (exitCode !== 0) {
      skip(this, `no file can be made immutable here: ${output.trim()}`);
    }
    try {
      checkout.workspace.edit("app/templates/index.html", (text) => text.replace("</title>", "!</title>"));
      const refused = await checkout.npm("up", stack);
      assert.notEqual(refused.exitCode, 0);
      assert.equal(
        refused.output.trimEnd().split("\n").at(-1),
        `error: The state of stack ${stack} cannot be written (EPERM at .local/.pulumi/stacks/kubernetes-django/${stack}.json): run \`sudo chattr -R -i .local\`.`,
      );
    } finally {
      await chattr("-i");
    }
    await checkout.up(stack);
  });

  it("ends with an error or in success when that happens in the middle, and the next one finishes the job", async function () {
    checkout.workspace.edit("app/templates/index.html", (text) => text.replace("</title>", "!</title>"));
    let skipped = "";
    try {
      const { exitCode, output } = await checkout.start(stack, (event) => {
        if (skipped === "" && begins(":Image")(event)) {
          skipped = " ";
          void chattr("+i").then((result) => {
            skipped = result.exitCode === 0 ? " " : result.output;
          });
        }
      });
      if (skipped.trim() !== "") {
        skip(this, `no file can be made immutable here: ${skipped.trim()}`);
      }
      // Pulumi writes when it likes: it may have written all before.
      if (exitCode !== 0) {
        assert.match(output, /error: .*operation not permitted/i);
      }
    } finally {
      await chattr("-i");
    }
    await checkout.up(stack);
    assert.deepEqual(checkout.locks(stack), []);
    assert.deepEqual((await checkout.state(stack)).deployment.pending_operations ?? [], []);
  });
});
