import assert from "node:assert/strict";
import fs from "node:fs";

import { createStack } from "../../pulumi/stacks";
import { Changes } from "../../commands/watch/changes";
import { Checkout } from "./helpers/checkout";
import { availableBuilder, getTools } from "./helpers/cluster";
import { untilPageShows } from "./helpers/page";
import { RunningCommand } from "./helpers/runningCommand";
import { untilNoProcessWith } from "./helpers/traces";
import { Workspace } from "./helpers/workspace";

const page = "app/templates/index.html";
const waiting = "Waiting for changes";

describe("`npm run watch`", () => {
  const name = `watched-${process.pid}`;
  const mark = { KUBERNETES_DJANGO_TEST: name };
  const stack = "dev";
  let checkout: Checkout;
  let url: string;
  let running: RunningCommand | undefined;

  before(async () => {
    const config = {
      target: "docker-desktop",
      builder: await availableBuilder(),
      namespace: name,
      imageRepository: name,
      cpuRequest: "10m",
      // With debug on Django's welcome page is served instead.
      debug: false,
    };
    checkout = new Checkout(await Workspace.create(await getTools(), stack, config));
    await createStack(checkout.workspace.cli);
    await checkout.workspace.pulumiOk("config", "set", "--secret", "secretKey", "k".repeat(60));
  });
  afterEach(async () => {
    await running?.interrupt();
  });
  after(async () => {
    await checkout.workspace.deleteNamespaces(name);
    await checkout.clean(name);
  });

  const start = async (): Promise<RunningCommand> => {
    running = new RunningCommand(checkout.startNpm(mark, "watch", stack));
    await running.until(waiting);
    url = (await checkout.workspace.run("pulumi", ["stack", "output", "url", "--stack", stack])).output.trim();
    return running;
  };

  const editHeading = (heading: string): void => {
    checkout.workspace.edit(page, (text) => text.replace(/<h1>[^<]*<\/h1>/, `<h1>${heading}</h1>`));
  };

  const untilNoProcess = async (): Promise<void> => {
    await untilNoProcessWith(name, () => running?.printed ?? "");
  };

  /** Nothing is locked, nothing is pending, and what is deployed is what the sources say. */
  const assertDone = async (): Promise<void> => {
    assert.deepEqual(checkout.locks(stack), []);
    assert.deepEqual((await checkout.state(stack)).deployment.pending_operations ?? [], []);
    assert.match(await checkout.up(stack), /^ {4}\d+ unchanged$/m);
  };

  it("deploys, and deploys again what was changed, until Ctrl-C", async () => {
    const watch = await start();
    editHeading("First edit");
    assert.match(await watch.until(waiting), new RegExp(`^${page} changed\n[^]*^${url}$`, "m"));
    await untilPageShows(url, /First edit/);
    editHeading("Second edit");
    await watch.until(waiting);
    await untilPageShows(url, /Second edit/);
    const { exitCode } = await watch.interrupt();
    assert.equal(exitCode, 0, watch.printed);
    await untilNoProcess();
    await untilPageShows(url, /Second edit/);
    await assertDone();
  });

  it("takes in the stack's config", async () => {
    const watch = await start();
    await checkout.workspace.pulumiOk("config", "set", "replicas", "2");
    await watch.until(waiting);
    const replicas = ["get", "deployment", "kubernetes-django", "-o", "jsonpath={.spec.replicas}"];
    assert.equal(await checkout.workspace.kubectl("-n", name, ...replicas), "2");
    await checkout.workspace.pulumiOk("config", "rm", "replicas");
    await watch.until(waiting);
    assert.equal(await checkout.workspace.kubectl("-n", name, ...replicas), "1");
  });

  it("does nothing for a file that does not reach the image", async () => {
    const watch = await start();
    const changes = await Changes.of([checkout.path("app")]);
    fs.writeFileSync(checkout.path("app", "notes.txt"), "");
    await changes.next();
    await changes.close();
    editHeading("Third edit");
    // An update for the file alone would come first, and would change no image.
    assert.match(await watch.until(waiting), /^ {2}~ image +: /m);
    await untilPageShows(url, /Third edit/);
  });

  it("tells why a version does not run, goes on, and deploys the next one", async () => {
    const watch = await start();
    checkout.workspace.edit("app/config/settings.py", (text) => `${text}\nthis is no Python\n`);
    const told = await watch.until(waiting);
    assert.match(told, /^error: Pod .* does not become ready: .*\n[^]*SyntaxError/m);
    assert.doesNotMatch(told, /promises were still active|npm run up|\^C received/);
    await untilPageShows(url, /Third edit/);
    checkout.workspace.edit("app/config/settings.py", (text) => text.replace("\nthis is no Python\n", ""));
    await watch.until(waiting);
    await watch.interrupt();
    await assertDone();
  });

  it("takes a renamed folder for one change, and tells how it crashes once", async () => {
    const watch = await start();
    fs.renameSync(checkout.path("app", "config"), checkout.path("app", "settings"));
    assert.match(await watch.until(waiting), /^error: Pod .* CrashLoopBackOff[^]*ModuleNotFoundError/m);
    fs.renameSync(checkout.path("app", "settings"), checkout.path("app", "config"));
    assert.equal((await watch.until(waiting)).match(/ changed$/gm)?.length, 1);
    const { exitCode } = await watch.interrupt();
    assert.equal(exitCode, 0, watch.printed);
    await assertDone();
  });

  it("keeps others from changing the stack while it waits", async () => {
    const watch = await start();
    const { exitCode, output } = await checkout.npm("up", stack);
    assert.equal(exitCode, 1, output);
    assert.match(output, /^error: Stack dev is being changed or watched by process \d+ of user/m);
    editHeading("Fourth edit");
    await watch.until(waiting);
    await untilPageShows(url, /Fourth edit/);
  });

  it("leaves no process and no lock when it is killed while it waits", async () => {
    const watch = await start();
    watch.child.kill("SIGKILL");
    await untilNoProcess();
    await assertDone();
  });

  it("goes on with an update in which it is killed", async () => {
    const watch = await start();
    editHeading("Fifth edit");
    await watch.until("Deployment");
    watch.child.kill("SIGKILL");
    await untilNoProcess();
    await untilPageShows(url, /Fifth edit/);
    await assertDone();
  });

  it("is ended in an update by Ctrl-C, which the next `npm run up` finishes", async () => {
    const watch = await start();
    editHeading("Sixth edit");
    await watch.until("Deployment");
    const { exitCode } = await watch.interrupt();
    assert.equal(exitCode, 1, watch.printed);
    await untilNoProcess();
    await checkout.up(stack);
    await untilPageShows(url, /Sixth edit/);
    await assertDone();
  });
});
