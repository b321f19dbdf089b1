import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { setTimeout } from "node:timers/promises";

import { createStack } from "../../pulumi/stacks";
import { until, untilTrue } from "../../waiting";
import { Checkout } from "./helpers/checkout";
import { availableBuilder, getTools } from "./helpers/cluster";
import { untilPageShows } from "./helpers/page";
import { RunningCommand } from "../../terminal/runningCommand";
import { stayingPods } from "./helpers/pods";
import { untilNoProcessWith } from "./helpers/traces";
import { filesIn, RandomEdits } from "./helpers/randomEdits";
import { Workspace } from "./helpers/workspace";

const page = "templates/index.html";
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
      processes: { ticker: { command: "python ticker.py" } },
    };
    checkout = new Checkout(await Workspace.create(await getTools(), stack, config));
    fs.writeFileSync(checkout.path("app", "ticker.py"), ticker("first"));
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

  const start = async (...options: string[]): Promise<RunningCommand> => {
    running = new RunningCommand(checkout.startNpm(mark, "watch", stack, ...options));
    await running.until(waiting);
    url = (await checkout.workspace.run("pulumi", ["stack", "output", "url", "--stack", stack])).output.trim();
    return running;
  };

  /** Waits until a line was printed, in whatever order: logs and what is said of a save come side by side. */
  const untilPrinted = async (line: RegExp): Promise<void> => {
    await untilTrue(() => line.test(running?.printed ?? ""), {
      seconds: 120,
      late: () => new Error(`${String(line)} is not printed:\n${running?.printed ?? ""}`),
    });
  };

  /** Waits until the page shows something; where it does not, the failure says what the watch and the cluster say. */
  const untilShown = async (expected: RegExp): Promise<void> => {
    await untilPageShows(url, expected).catch(async (error: unknown) => {
      const pods = await checkout.workspace.kubectl(
        "-n",
        name,
        "get",
        "pods,endpointslices,events",
        "--output",
        "wide",
      );
      throw new Error([(error as Error).message, running?.printed, pods].join("\n\n"), { cause: error });
    });
  };

  const edit = (file: string, change: (text: string) => string): void => {
    checkout.workspace.edit(`app/${file}`, change);
  };
  const editHeading = (heading: string): void => {
    edit(page, (text) => text.replace(/<h1>[^<]*<\/h1>/, `<h1>${heading}</h1>`));
  };

  const pods = async (app?: string): Promise<string[]> =>
    await stayingPods(checkout.workspace, name, app && `app=${app}`);
  /** The pod of the web process, once those of before are on their way out. */
  const onlyPod = async (): Promise<string> =>
    await until(
      async () => {
        const [pod = "", ...more] = await pods();
        assert.deepEqual(more, []);
        return pod;
      },
      { seconds: 120 },
    );
  const inPod = async (pod: string, ...command: string[]): Promise<string> =>
    await checkout.workspace.kubectl("-n", name, "exec", pod, "-c", "django-web", "--", ...command);

  const untilNoProcess = async (): Promise<void> => {
    await untilNoProcessWith(name, () => running?.printed ?? "");
  };

  /** Nothing is locked, nothing is pending, and `npm run up` ends what the watch left. */
  const assertDone = async (): Promise<void> => {
    assert.deepEqual(checkout.locks(stack), []);
    assert.deepEqual((await checkout.state(stack)).deployment.pending_operations ?? [], []);
    await checkout.up(stack);
    assert.match(await checkout.up(stack), /^ {4}\d+ unchanged$/m);
  };

  it("deploys, and brings what is saved into the same pods, until Ctrl-C", async () => {
    const watch = await start();
    const before = await pods();
    editHeading("First edit");
    await watch.until(`${page}: shown from now on`);
    await untilShown(/First edit/);
    edit("config/views.py", (text) =>
      text.replace("def index(request):", 'def index(request):\n    print("was asked")'),
    );
    await untilPrinted(/^config\/views\.py: (.*, )?web(, .*)? started again/m);
    await untilShown(/First edit/);
    await untilPrinted(/^web-\w+ +\| was asked$/m);
    assert.deepEqual(await pods(), before);
    const { exitCode } = await watch.interrupt();
    assert.equal(exitCode, 0, watch.printed);
    assert.match(
      watch.printed,
      /^The pods differ from their image in config\/views\.py, templates\/index\.html: `npm run up -- dev`/m,
    );
    await untilNoProcess();
    await untilShown(/First edit/);
    await assertDone();
    // What `up` deploys has nothing of the agent.
    const live = await checkout.workspace.kubectl("-n", name, "get", "deployments,configmaps", "--output", "yaml");
    assert.doesNotMatch(live, /live-reload/);
    await untilShown(/First edit/);
  });

  it("brings saves to the pods again after a project that could not be read, which it deploys once for each save", async () => {
    const watch = await start();
    const pipe = checkout.path("app", "config", "pipe");
    execFileSync("mkfifo", [pipe]);
    await watch.until("is a named pipe, which does not belong in an image");
    await watch.until(waiting);
    // Longer than between two looks at files of which no event tells.
    await setTimeout(8000);
    assert.equal(watch.printed.match(/app\/config\/pipe changed$/gm)?.length, 1, watch.printed);
    fs.rmSync(pipe);
    await watch.until(waiting);
    editHeading("After the pipe");
    await watch.until(`${page}: shown from now on`);
    await untilShown(/After the pipe/);
  });

  it("starts other processes again, and shows the log of one alone", async () => {
    const watch = await start("--only", "ticker");
    // It is ended by the save before it has said so where it starts slowly.
    await untilPrinted(/^ticker-\w+ \| first$/m);
    edit("ticker.py", () => ticker("second"));
    await untilPrinted(/^ticker\.py: (web, )?ticker started again/m);
    await untilPrinted(/^ticker-\w+ \| second$/m);
    assert.doesNotMatch(watch.printed, /^web-\w+ +\|/m);
  });

  it("takes in the stack's config, and what the image is built from", async () => {
    const watch = await start();
    await checkout.workspace.pulumiOk("config", "set", "--path", "env.GREETING", "hello");
    await watch.until(waiting);
    const pod = await onlyPod();
    assert.equal((await inPod(pod, "printenv", "GREETING")).trim(), "hello");
    edit("Dockerfile", (text) => `${text}\nLABEL edited=yes\n`);
    assert.match(
      await watch.until(waiting),
      /^Dockerfile changed, and it says how the image is built: this is deployed$/m,
    );
    editHeading("After a new image");
    await watch.until(`${page}: shown from now on`);
    await untilShown(/After a new image/);
  });

  it("does nothing for a file that does not reach the image, nor for those that editors keep", async () => {
    const watch = await start();
    fs.writeFileSync(checkout.path("app", "README.txt"), "");
    fs.writeFileSync(checkout.path("app", "config", ".views.py.swp"), "");
    editHeading("Third edit");
    assert.doesNotMatch(await watch.until("shown from now on"), /README|swp/);
    await untilShown(/Third edit/);
  });

  it("tells why a version does not start, keeps the page, and goes on", async () => {
    const watch = await start();
    edit("config/settings.py", (text) => `${text}\nthis is no Python\n`);
    await untilPrinted(
      /^config\/settings\.py: web does not start with it \(SyntaxError: .*the next save tries again$/m,
    );
    await untilPrinted(/^web-\w+ +\| SyntaxError: invalid syntax$/m);
    await untilShown(/Third edit/);
    edit("config/settings.py", (text) => text.replace("\nthis is no Python\n", ""));
    await untilPrinted(/^config\/settings\.py: (.*, )?web(, .*)? started again/m);
    fs.renameSync(checkout.path("app", "config"), checkout.path("app", "settings"));
    await watch.until("web does not start with it (ModuleNotFoundError");
    fs.renameSync(checkout.path("app", "settings"), checkout.path("app", "config"));
    await watch.until("started again");
    editHeading("Fourth edit");
    await untilShown(/Fourth edit/);
    const { exitCode } = await watch.interrupt();
    assert.equal(exitCode, 0, watch.printed);
    await assertDone();
  });

  it("brings a pod that is new, and a container that started again, to what was saved", async () => {
    const watch = await start();
    editHeading("Fifth edit");
    await watch.until("shown from now on");
    await checkout.workspace.kubectl("-n", name, "delete", "pod", "--selector", "app=django-container");
    await untilShown(/Fifth edit/);
    const pod = await onlyPod();
    edit("config/views.py", (text) => text.replace('print("was asked")', 'print("was asked again")'));
    await watch.until("started again");
    // The agent is the container's first process.
    await inPod(pod, "python", "-c", "import os; os.kill(1, 15)");
    await untilTrue(
      async () => (await inPod(pod, "cat", "config/views.py").catch(() => "")).includes("was asked again"),
      { seconds: 120, pauseMilliseconds: 500 },
    );
    editHeading("Sixth edit");
    await untilShown(/Sixth edit/);
  });

  it("has the pod's files be the project's after many edits of all kinds", async () => {
    const watch = await start();
    const edits = new RandomEdits(checkout.path("app", "scratch"));
    for (let quiet = 0; quiet < 5; quiet++) {
      for (let made = 0; made < 200; made++) {
        await edits.next();
      }
      await until(
        async () => {
          const there = await inPod(await onlyPod(), "python", "-c", filesIn, "/app/scratch");
          assert.deepEqual(JSON.parse(there), edits.expected());
        },
        { seconds: 120, pauseMilliseconds: 500 },
      );
    }
    fs.rmSync(checkout.path("app", "scratch"), { recursive: true });
    await until(
      async () => {
        assert.equal((await inPod(await onlyPod(), "ls", "/app")).includes("scratch"), false);
      },
      { seconds: 120, pauseMilliseconds: 500 },
    );
    // A stream that says nothing for four seconds is opened anew, also where others have the processor.
    assert.doesNotMatch(watch.printed, /not in sync \((?!it does not answer)|cannot write/);
  });

  it("keeps nobody from changing the stack, and deploys again what somebody else replaced", async () => {
    const watch = await start();
    await checkout.up(stack);
    await watch.until("was updated by somebody else");
    editHeading("Seventh edit");
    await watch.until(waiting);
    await untilShown(/Seventh edit/);
    const second = new RunningCommand(checkout.startNpm(mark, "watch", stack));
    await second.until(waiting);
    await watch.until("so this one ends");
    await watch.child;
    editHeading("Eighth edit");
    await second.until("shown from now on");
    await second.interrupt();
    await untilShown(/Eighth edit/);
  });

  it("leaves no process and no lock when it is killed while it waits", async () => {
    const watch = await start();
    watch.child.kill("SIGKILL");
    await untilNoProcess();
    await assertDone();
  });

  it("goes on with an update in which it is killed", async () => {
    const watch = await start();
    editHeading("Ninth edit");
    edit("Dockerfile", (text) => text.replace("LABEL edited=yes", "LABEL edited=again"));
    await watch.until("Deployment");
    watch.child.kill("SIGKILL");
    await untilNoProcess();
    await untilShown(/Ninth edit/);
    await assertDone();
  });

  it("is ended in an update by Ctrl-C, which the next `npm run up` finishes", async () => {
    const watch = await start();
    editHeading("Tenth edit");
    edit("Dockerfile", (text) => text.replace("LABEL edited=again", ""));
    await watch.until("Deployment");
    const { exitCode } = await watch.interrupt();
    assert.equal(exitCode, 1, watch.printed);
    await untilNoProcess();
    await checkout.up(stack);
    await untilShown(/Tenth edit/);
    await assertDone();
  });
});

/** A process that says a word, and waits. */
const ticker = (word: string): string => `import time

print("${word}", flush=True)
time.sleep(10**6)
`;
