import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import type { ExecaChildProcess } from "execa";

import type { StampedEvent } from "../../pulumi/engineEvents";
import { createStack } from "../../pulumi/stacks";
import { isRunning, startCluster, stopCluster, withoutDaemon } from "../../sandbox/cluster/cluster";
import { isolated } from "../../sandbox/cluster/kinds";
import { untilTrue } from "../../waiting";
import { Checkout } from "./helpers/checkout";
import { availableBuilder, getTools, skip } from "./helpers/cluster";
import { untilPageShows } from "./helpers/page";
import { RunningCommand } from "../../terminal/runningCommand";
import { processesWith } from "./helpers/traces";
import { type Result, Workspace } from "./helpers/workspace";

const stack = "dev";
const waiting = "Waiting for changes";
const id = `failures-${process.pid}`;

/** What the engine is at when something of the machine fails. */
const begins =
  (type: string) =>
  ({ resourcePreEvent }: StampedEvent): boolean =>
    resourcePreEvent?.metadata.type.endsWith(type) === true && resourcePreEvent.metadata.op === "update";

/** The engine has sent the Deployment, and waits for its pods. */
const waitsForPods = ({ diagnosticEvent }: StampedEvent): boolean =>
  diagnosticEvent?.message.includes("Waiting for app ReplicaSet to be available") === true;

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
    const config = { target: "docker-desktop", builder, debug: false, rolloutTimeoutSeconds: "300" };
    const place = { namespace: id, imageRepository: id, urlHost: "192.168.49.2" };
    checkout = new Checkout(await Workspace.create(await getTools(), stack, { ...config, ...place }, isolated));
    await createStack({ ...checkout.workspace.cli, stack });
    await checkout.workspace.pulumiOk("config", "set", "--secret", "secretKey", "k".repeat(60));
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
  /** The next `npm run up` leaves the new content served, and nothing else behind. */
  const assertMended = async (): Promise<void> => {
    const { exitCode, stdout, output } = await checkout.npm("up", stack);
    assert.equal(exitCode, 0, output);
    await untilPageShows(stdout, /<title>/);
    assert.deepEqual(checkout.locks(stack), []);
    const { pending_operations: pending = [], resources = [] } = (await checkout.state(stack)).deployment;
    assert.deepEqual(pending, []);
    const image = resources[0]?.outputs?.["image"];
    const path = "jsonpath={.items[*].spec.containers[0].image}";
    const running = ["--field-selector=status.phase=Running", "-o", path];
    const images = await checkout.workspace.kubectl("-n", id, "get", "pods", ...running);
    assert.ok(images.split(" ").includes(String(image)), `${images} without ${String(image)}`);
  };

  /**
   * Runs `npm run up` with a step in the Dockerfile that does not end, and takes the Docker daemon away in the middle of
   * it. The Dockerfile is mended afterwards.
   */
  const loseDaemon = async (meanwhile: (up: ExecaChildProcess) => Promise<void>): Promise<string> => {
    // The daemon may have finished the same step for an earlier run.
    const endless = `: ${id}; sleep 300; python -m compileall`;
    let original = "";
    edit();
    checkout.workspace.edit("app/Dockerfile", (text) =>
      (original = text).replace("RUN python -m compileall", `RUN ${endless}`),
    );
    const up = checkout.startNpm({}, "up", stack);
    let printed = "";
    up.all?.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    // The step is begun ahead of Pulumi's own build, which shows itself with its first line.
    const isBuilding = (): boolean =>
      /:Image kubernetes-django .*; (Starting Docker build|#0 building)/.test(printed) &&
      processesWith("cmdline", endless).length > 0;
    try {
      await untilTrue(() => isBuilding() || up.exitCode !== null, { seconds: 240 });
      assert.ok(isBuilding(), `the moment never came:\n${printed}`);
      await withoutDaemon(isolated, "dockerd", () => meanwhile(up));
      assert.notEqual((await up).exitCode, 0, printed);
      // It would keep its address, which the next pod gets.
      await untilTrue(() => processesWith("cmdline", endless).length === 0, { seconds: 60 });
      return printed;
    } finally {
      checkout.workspace.edit("app/Dockerfile", () => original);
    }
  };
  const dockerSocket = (): string => checkout.path("home", ".docker", "run", "docker.sock");
  const wentAway = (): string =>
    `error: The Docker daemon at unix://${dockerSocket()} went away while it built the image`;

  it("names the Docker daemon that went away in the middle of the build, and is mended by the next one", async () => {
    const output = await loseDaemon(async (up) => {
      await up;
    });
    const [said = "", ...told] = output.slice(output.indexOf(wentAway())).trimEnd().split("\n");
    assert.match(said, /image and does not answer \((ENOENT|ECONNREFUSED)\):$/);
    assert.equal(told.pop(), "Start Docker Desktop, then look with `docker --context desktop-linux info`.");
    assert.ok(told.length > 0 && told.every((line) => line.startsWith("  | ")), output);
    await assertMended();
  });

  it("is mended by the next one after the Docker daemon was restarted in the middle of the build", async () => {
    const output = await loseDaemon(() => Promise.resolve());
    assert.ok(output.includes(`\n${wentAway()}`), output);
    await assertMended();
  });

  it("is tried again by `npm run watch` when the Docker daemon that went away before it is back", async () => {
    const watch = new RunningCommand(checkout.startNpm({}, "watch", stack));
    const away = /^The Docker daemon at unix:\S+ does not answer \((ENOENT|ECONNREFUSED)\): the change waits for it$/m;
    try {
      await watch.until(waiting);
      await withoutDaemon(isolated, "dockerd", async () => {
        checkout.workspace.edit("app/templates/index.html", (text) => text.replace("</title>", " came late</title>"));
        checkout.workspace.edit("app/Dockerfile", (text) => `${text}\nLABEL late=yes\n`);
        assert.match(await watch.until(waiting), away);
      });
      // Both edits are one change, unless they are seen one after the other.
      await watch.until("\nThe Docker daemon answers: what was changed is deployed now\n");
      // The URL is on standard output, of which nothing says when it is read here.
      assert.match(await watch.until(waiting), /^[\d.]+ s after the change$/m);
      await untilPageShows(await checkout.workspace.output("url"), / came late<\/title>/);
      assert.equal((await watch.interrupt()).exitCode, 0, watch.printed);
    } finally {
      await watch.interrupt();
    }
  });

  it("goes on when the API server was away for 10 s in the middle of the rollout", async () => {
    edit();
    const result = await failAt(waitsForPods, async () => {
      await withoutDaemon(isolated, "kube-apiserver", async () => {
        await sleep(10_000);
      });
    });
    assert.equal(result.exitCode, 0, result.output);
    await assertMended();
  });

  it("goes on when the kubelet was restarted in the middle of the rollout", async () => {
    edit();
    const result = await failAt(begins(":Deployment"), async () => {
      await withoutDaemon(isolated, "kubelet");
    });
    assert.equal(result.exitCode, 0, result.output);
    await assertMended();
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
        `error: The state of stack ${stack} cannot be written (EPERM at .local/.pulumi/stacks/kubernetes-django/${stack}.json); run \`sudo chattr -R -i .local\`.`,
      );
    } finally {
      await chattr("-i");
    }
    await checkout.up(stack);
  });

  it("ends with an error when that happens in the middle, and the next one finishes the job", async function () {
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
      assert.notEqual(exitCode, 0, output);
      assert.match(output, /error: .*operation not permitted/i);
    } finally {
      await chattr("-i");
    }
    await checkout.up(stack);
    assert.deepEqual(checkout.locks(stack), []);
    assert.deepEqual((await checkout.state(stack)).deployment.pending_operations ?? [], []);
  });
});
