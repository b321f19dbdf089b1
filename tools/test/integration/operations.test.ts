import assert from "node:assert/strict";

import { writeTree } from "../../../test/unit/helpers/folders";
import { untilTrue } from "../../waiting";
import { Checkout } from "./helpers/checkout";
import { availableBuilder, getTools } from "./helpers/cluster";
import { RunningCommand } from "../../terminal/runningCommand";
import { type SplitResult, Workspace } from "./helpers/workspace";

const namespace = "operations";
const stack = "dev";

const dockerfile = `FROM python:3.13-slim
WORKDIR /srv
COPY . .
USER 10001
CMD ["python", "-m", "http.server", "8000"]
`;
const manage = `import socket, sys
print(sys.argv[1:], socket.gethostname())
`;
/** What init leaves: a worker, something that waits, and two schedules. */
const processes: Record<string, Record<string, string | number>> = {
  worker: { command: "while true; do echo tick; sleep 1; done", replicas: 2 },
  idle: { command: "echo begun; exec sleep 3600", terminationGraceSeconds: 1 },
};
const schedules = {
  hello: { schedule: "0 3 * * *", command: "for i in 1 2 3; do echo hello $i; sleep 1; done" },
  fails: { schedule: "0 3 * * *", command: "echo oh no; exit 3" },
  never: { schedule: "0 3 * * *", command: "no-such-program" },
  long: { schedule: "0 3 * * *", command: "echo long; exec sleep 3600" },
};

describe("what is done with processes and schedules that run", () => {
  let checkout: Checkout;
  const configure = (more: typeof processes = {}): void => {
    checkout.configure(stack, { ...config, processes: { ...processes, ...more }, schedules });
  };
  let config: Record<string, string | boolean | object>;

  before(async function () {
    this.timeout(600_000);
    config = {
      target: "docker-desktop",
      builder: await availableBuilder(),
      namespace,
      imageRepository: namespace,
      project: "shop",
      debug: true,
      rolloutTimeoutSeconds: "60",
    };
    checkout = new Checkout(await Workspace.create(await getTools(), stack, config));
    writeTree(checkout.path("shop"), {
      Dockerfile: dockerfile,
      "manage.py": manage,
      "index.html": "<title>shop</title>",
    });
    configure();
    await checkout.up(stack);
  });
  after(async () => {
    const made = checkout as Checkout | undefined;
    await made?.workspace.pulumi("destroy", "--yes", "--skip-preview");
    await made?.clean(namespace);
  });

  const npm = async (...args: [script: string, ...args: string[]]): Promise<SplitResult> => await checkout.npm(...args);
  const kubectl = async (...args: string[]): Promise<string> =>
    await checkout.workspace.kubectl("--namespace", namespace, ...args);

  it("shows the logs of all, each line with the name of its pod", async () => {
    const { exitCode, stdout } = await npm("logs", stack, "--no-follow");
    assert.equal(exitCode, 0, stdout);
    const names = new Set(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => /^(\w+)-\w{5} +\| /.exec(line)?.[1]),
    );
    assert.deepEqual([...names].sort(), ["idle", "web", "worker"]);
    assert.match(stdout, /^idle-\w{5} +\| begun$/m);
  });

  it("shows the last lines of one, alone if that is asked for", async () => {
    const { stdout, output } = await npm("logs", stack, "worker", "--no-follow", "--no-prefix", "--tail", "2");
    assert.equal(stdout.trimEnd(), "tick\ntick\ntick\ntick");
    assert.equal(output, stdout);
  });

  it("refuses a name that is not known, and names those that are", async () => {
    for (const [name, command] of [
      ["wroker", ["logs", stack, "wroker"]],
      ["wroker", ["manage", stack, "--in", "wroker", "check"]],
      ["wroker", ["shell", stack, "wroker"]],
    ] as [string, [string, ...string[]]][]) {
      const { exitCode, output } = await npm(...command);
      assert.equal(exitCode, 1);
      assert.match(output, new RegExp(`^error: Stack dev has no process "${name}": there are web, idle, worker`));
    }
  });

  it("follows a process through a pod that takes another's place, until Ctrl-C", async () => {
    const command = new RunningCommand(checkout.startNpm({}, "logs", stack, "idle"));
    await command.until("| begun");
    await kubectl("delete", "pod", "--selector", "process=idle", "--wait=false");
    await command.until(" starts (pod kubernetes-django-idle-");
    // The log is on standard output, of which nothing says when it is read here.
    await untilTrue(() => command.printed.match(/\| begun$/gm)?.length === 2, {
      seconds: 120,
      late: () => new Error(`the log of the new pod is not shown:\n${command.printed}`),
    });
    const { exitCode } = await command.interrupt();
    assert.equal(exitCode, 0);
  });

  it("runs manage.py in a pod of web, or of another process", async () => {
    const web = await npm("manage", stack, "check", "--deploy");
    assert.match(web.output, /^\['check', '--deploy'\] kubernetes-django-[0-9a-f]+-\w{5}$/);
    const worker = await npm("manage", stack, "--in", "worker", "check");
    assert.match(worker.output, /^\['check'\] kubernetes-django-worker-[0-9a-f]+-\w{5}$/);
  });

  it("runs a shell in a pod of a process, and hands its exit code back", async () => {
    const args = ["tools/bootstrap.mjs", "shell", stack, "idle"];
    const child = checkout.workspace.start(process.execPath, args, {}, { stdin: "pipe", input: "hostname; exit 4\n" });
    const { exitCode, stdout } = await child;
    assert.equal(exitCode, 4);
    assert.match(stdout, /^kubernetes-django-idle-/m);
  });

  it("runs a schedule now, shows its log, and leaves its Job to the schedule's history", async () => {
    const { exitCode, stdout, output } = await npm("schedule", stack, "hello");
    assert.equal(exitCode, 0, output);
    assert.equal(stdout, "hello 1\nhello 2\nhello 3");
    const owners = await kubectl("get", "jobs", "--output", "jsonpath={.items[*].metadata.ownerReferences[*].name}");
    assert.match(owners, /kubernetes-django-hello/);
    const logs = await npm("logs", stack, "hello", "--no-follow", "--no-prefix");
    assert.equal(logs.stdout, "hello 1\nhello 2\nhello 3");
  });

  it("hands the exit code of a schedule back, and says of its run that it failed", async () => {
    const { exitCode, stdout, output } = await npm("schedule", stack, "fails");
    assert.equal(exitCode, 3, output);
    assert.equal(stdout, "oh no");
    assert.match(
      output,
      /error: Schedule fails \(pod \S+\) fails: Error, its command ends with exit code 3; mend the project in shop\//,
    );
    const doctor = await npm("doctor", stack);
    assert.match(doctor.output, /✗ +schedule fails +its last run failed at /);
    assert.match(doctor.output, /✓ +schedule hello +its last run ended well at /);
    assert.match(doctor.output, /✓ +process worker +2 of 2 pods ready/);
  });

  it("says why a schedule's run does not start", async () => {
    const { exitCode, output } = await npm("schedule", stack, "never");
    assert.notEqual(exitCode, 0);
    assert.match(output, /error: Schedule never \(pod \S+\) .*the image has no program no-such-program on its PATH/);
  });

  it("leaves a run going at Ctrl-C, says so, and begins no second one beside it", async () => {
    const command = new RunningCommand(checkout.startNpm({}, "schedule", stack, "long"));
    await command.until("long\n");
    const { exitCode } = await command.interrupt();
    assert.equal(exitCode, 130);
    const goesOn = /Job (kubernetes-django-long-manual-\w+) goes on in the cluster; `npm run logs -- dev long`/;
    assert.match(command.printed, goesOn);
    const [, job = ""] = goesOn.exec(command.printed) ?? [];
    const second = await npm("schedule", stack, "long");
    assert.match(second.output, new RegExp(`^error: Schedule long runs already \\(Job ${job}\\)`));
    await kubectl("delete", "job", job);
  });

  it("is no drift", async () => {
    const { exitCode, output } = await npm("drift", stack);
    assert.equal(exitCode, 0, output);
  });

  const failing: [what: string, process: Record<string, string | number>, said: RegExp][] = [
    [
      "crashes",
      { command: "python -c 'import nowhere'" },
      /error: Process bad \(pod kubernetes-django-bad-\S+\) does not become ready: CrashLoopBackOff, the container ends with exit code 1:\n(?: +\| .*\n)* +\| ModuleNotFoundError: No module named 'nowhere'\nProcess bad does not run yet; mend the project in shop\//,
    ],
    [
      "is not in the image",
      { command: "celery -A shop worker" },
      /error: Process bad \(pod \S+\) does not become ready: \w+, the image has no program celery on its PATH;.*config set --path processes\.bad\.command 'COMMAND'/,
    ],
    [
      "needs more memory",
      { command: "python -c 'bytearray(10**9)'", memoryLimit: "64Mi", memoryRequest: "64Mi" },
      /error: Process bad \(pod \S+\) does not become ready: (OOMKilled|CrashLoopBackOff), the container .* more memory than its limit[^]*config set --path processes\.bad\.memoryLimit 128Mi/,
    ],
    [
      "has a health command that fails",
      { command: "sleep 3600", healthCommand: "echo nobody answers; exit 1", terminationGraceSeconds: 1 },
      /error: Process bad \(pod \S+\) does not become ready: .*probe failed: nobody answers.*processes\.bad\.healthCommand/,
    ],
    [
      "listens on another port",
      { command: "python -m http.server 9000", port: 9001, terminationGraceSeconds: 1 },
      /error: Process bad \(pod \S+\) does not become ready: .*listens on 0\.0\.0\.0:9000, and Kubernetes asks for port 9001.*config set --path processes\.bad\.port 9000/,
    ],
  ];
  for (const [what, process, said] of failing) {
    it(`names a process that ${what} when \`up\` fails`, async () => {
      configure({ bad: process });
      const { exitCode, output } = await npm("up", stack);
      assert.equal(exitCode, 1, output);
      assert.match(output, said);
    });
  }
});
