import assert from "node:assert/strict";

import type { ExecaChildProcess } from "execa";

import type { StampedEvent } from "../../pulumi/engineEvents";
import { createStack } from "../../pulumi/stacks";
import { importState } from "../../pulumi/state";
import { signal } from "../../sandbox/cluster/processes";
import { untilTrue } from "../../waiting";
import { Checkout } from "./helpers/checkout";
import { availableBuilder, getTools } from "./helpers/cluster";
import { processesWith, untilNoProcessWith } from "./helpers/traces";
import { type Result, Workspace } from "./helpers/workspace";

type Pick = (event: StampedEvent) => boolean;

/** The engine begins to do something to a resource of a type. */
const begins =
  (type: string, op: RegExp): Pick =>
  ({ resourcePreEvent }) =>
    resourcePreEvent !== undefined &&
    resourcePreEvent.metadata.type.endsWith(type) &&
    op.test(resourcePreEvent.metadata.op);

interface Moment {
  title: string;
  at: Pick;
  /** Waits for more, of which the engine knows nothing. */
  then?: (checkout: Checkout, namespace: string) => Promise<void>;
  /** Whether it comes in an update only; of the others each has a stack of its own. */
  isUpdate?: true;
  /** Whether nothing is left to do after it. */
  isLast?: true;
  /** Whether the object that is being made has another name each time. */
  isNewName?: true;
}

/** Waits until a pod that is not ready shows that a rollout is under way. */
async function untilPodStarts({ workspace }: Checkout, namespace: string): Promise<void> {
  const path = "jsonpath={.items[*].status.conditions[?(@.type=='Ready')].status}";
  const isUnderWay = async (): Promise<boolean> =>
    (await workspace.kubectl("-n", namespace, "get", "pods", "-o", path)).includes("False");
  await untilTrue(isUnderWay, { seconds: 120, pauseMilliseconds: 50 });
}

const moments: Moment[] = [
  { title: "before the program runs", at: ({ preludeEvent }) => preludeEvent !== undefined },
  { title: "while the image is built", at: begins(":Image", /^create$/) },
  { title: "while the namespace is made", at: begins(":Namespace", /^create$/) },
  { title: "while the Secret is made", at: begins(":Secret", /^create$/), isNewName: true },
  { title: "while the Deployment is made", at: begins(":Deployment", /^create$/) },
  { title: "during the first rollout", at: begins(":Deployment", /^create$/), then: untilPodStarts },
  { title: "while a changed image is built", at: begins(":Image", /^update$/), isUpdate: true },
  {
    title: "during the rollout of a change",
    at: begins(":Deployment", /^update$/),
    then: untilPodStarts,
    isUpdate: true,
  },
  {
    title: "while a new Secret takes an old one's place",
    at: begins(":Secret", /^create-repl/),
    isUpdate: true,
    isNewName: true,
  },
  { title: "while the old Secret is deleted", at: begins(":Secret", /^delete-repl/), isUpdate: true, isLast: true },
];

describe("an up that is interrupted", () => {
  const repository = `interrupted-${process.pid}`;
  const namespaces = new Set<string>();
  /** How many objects a stack may have that its state does not know. They stay as long as the stack. */
  const strays = new Map<string, number>();
  let checkout: Checkout;
  let keys = 0;

  before(async () => {
    const base = { target: "docker-desktop", builder: await availableBuilder() };
    checkout = new Checkout(await Workspace.create(await getTools(), "first", base));
  });
  after(async () => {
    const { workspace } = checkout;
    // Plugins outlive an engine that was killed, and nobody else ends them.
    for (const pid of processesWith("environ", `${workspace.folder}/`)) {
      signal(Number(pid), "SIGTERM");
    }
    await workspace.deleteNamespaces(...namespaces);
    await checkout.clean(repository);
  });

  const configure = async (stack: string): Promise<void> => {
    checkout.configure(stack, {
      target: "docker-desktop",
      builder: await availableBuilder(),
      namespace: namespaceOf(stack),
      imageRepository: repository,
      cpuRequest: "10m",
      debug: false,
    });
    namespaces.add(namespaceOf(stack));
  };
  const namespaceOf = (stack: string): string => `${repository}-${stack}`;
  const setKey = async (stack: string): Promise<void> => {
    const value = `key-${++keys}-`.padEnd(60, "k");
    const args = ["config", "set", "--secret", "secretKey", value, "--stack", stack, "--non-interactive"];
    const { exitCode, output } = await checkout.workspace.run("pulumi", args);
    assert.equal(exitCode, 0, output);
  };

  /** Ends `pulumi up` by a signal at a moment, and proves that it was that. */
  const interrupt = async (stack: string, signal: NodeJS.Signals, { at, then }: Moment): Promise<Result> => {
    let reached = false;
    const { exitCode, output } = await checkout.start(stack, (event, pulumi) => {
      if (reached || !at(event)) {
        return;
      }
      reached = true;
      void (async () => {
        await then?.(checkout, namespaceOf(stack));
        pulumi.kill(signal, { forceKillAfterTimeout: false });
      })();
    });
    assert.ok(reached, `the moment never came:\n${output}`);
    return { exitCode, output };
  };

  /** No lock, no pending operation, and exactly the objects that the state knows, apart from strays. */
  const assertWhole = async (stack: string): Promise<void> => {
    assert.deepEqual(checkout.locks(stack), []);
    const { resources = [], pending_operations: pending = [] } = (await checkout.state(stack)).deployment;
    assert.deepEqual(pending, []);
    assert.deepEqual(
      resources.filter((resource) => resource.delete === true),
      [],
    );
    const namespace = namespaceOf(stack);
    const known = resources.flatMap(({ type, id }) =>
      id?.startsWith(`${namespace}/`) ? [`${type.split(":").at(-1) ?? ""} ${id.split("/")[1] ?? ""}`] : [],
    );
    const kinds = "secret,service,serviceaccount,deployment,networkpolicy,poddisruptionbudget,configmap";
    const path = '{range .items[*]}{.kind} {.metadata.name}{"\\n"}{end}';
    const there = await checkout.workspace.kubectl("-n", namespace, "get", kinds, "-o", `jsonpath=${path}`);
    const own = there.split("\n").filter((line) => !/^$|^ServiceAccount default$|^ConfigMap kube-root-ca/.test(line));
    const unknown = own.filter((each) => !known.includes(each));
    assert.ok(unknown.length <= (strays.get(stack) ?? 0), `not in the state: ${unknown.join(", ")}`);
    assert.deepEqual(own.filter((each) => !unknown.includes(each)).sort(), known.sort());
  };

  moments.forEach((moment, index) => {
    it(`${moment.title} is finished by the next \`npm run up\`, after SIGINT as after SIGKILL`, async () => {
      const stacks = (["SIGINT", "SIGKILL"] as const).map((signal) => ({
        signal,
        stack: `${signal.toLowerCase()}${moment.isUpdate ? "" : index}`,
      }));
      for (const { stack } of stacks.filter(({ stack }) => !namespaces.has(namespaceOf(stack)))) {
        await configure(stack);
        await createStack({ ...checkout.workspace.cli, stack });
        await setKey(stack);
        if (moment.isUpdate) {
          await checkout.up(stack);
        }
      }
      if (moment.isUpdate) {
        checkout.workspace.edit("app/templates/index.html", (text) => text.replace("</title>", "!</title>"));
      }
      const both = stacks.map(async ({ signal, stack }) => {
        if (moment.title.includes("Secret")) {
          await setKey(stack);
        }
        const { exitCode, output } = await interrupt(stack, signal, moment);
        if (exitCode === 0) {
          // On SIGINT Pulumi ends the step that it is at, and a signal may come late: where that was the last, all is done.
          assert.ok(moment.isLast, output);
          await assertWhole(stack);
        }
        const isLocked = checkout.locks(stack).length > 0;
        assert.ok(moment.isLast === true || isLocked === (signal === "SIGKILL"), output);
        const printed = await checkout.up(stack);
        if (isLocked) {
          assert.match(printed, /^Process \d+, which was killed, left the lock of stack .*: removed$/m);
        }
        if (signal === "SIGINT" && moment.isNewName === true) {
          // It cuts off the request that makes the object. Where the API server has met it, Pulumi never learns the name.
          strays.set(stack, (strays.get(stack) ?? 0) + 1);
        }
        await assertWhole(stack);
      });
      await Promise.all(both);
    });
  });

  const ends: [how: string, end: (up: ExecaChildProcess) => void, goesOn: boolean][] = [
    // The terminal sends it to every process of the group.
    ["Ctrl-C in a rollout", ({ pid = NaN }) => process.kill(-pid, "SIGINT"), false],
    ["the end of `npm run up` alone", (up) => up.kill("SIGKILL"), true],
  ];
  for (const [index, [how, end, goesOn]] of ends.entries()) {
    it(`leaves no process after ${how}, and ${goesOn ? "finishes" : "is finished by the next one"}`, async () => {
      const stack = `ended${index}`;
      await configure(stack);
      await createStack({ ...checkout.workspace.cli, stack });
      await setKey(stack);
      await checkout.up(stack);
      checkout.workspace.edit("app/templates/index.html", (text) => text.replace("</title>", "?</title>"));
      const mark = { KUBERNETES_DJANGO_TEST: `${repository}-${stack}` };
      const up = checkout.startNpm(mark, "up", stack);
      await untilPodStarts(checkout, namespaceOf(stack));
      end(up);
      const { all = "", exitCode } = await up;
      assert.notEqual(exitCode, 0, all);
      if (!goesOn) {
        const finish = `run \`npm run up -- ${stack}\`, which finishes it.`;
        const said = `error: \`pulumi up --stack ${stack}\` was interrupted before everything was done; ${finish}`;
        assert.equal(all.trimEnd().split("\n").at(-1), said);
        assert.doesNotMatch(all, /does not become ready|\^C received/);
      }
      await untilNoProcessWith(mark.KUBERNETES_DJANGO_TEST, () => all);
      if (goesOn) {
        await assertWhole(stack);
        assert.match(await checkout.up(stack), /^ {4}\d+ unchanged$/m);
      } else {
        await checkout.up(stack);
      }
      await assertWhole(stack);
    });
  }

  it("is the only one of two that begin at once: the other is told who has the stack", async () => {
    const stack = "twice";
    await configure(stack);
    await createStack({ ...checkout.workspace.cli, stack });
    await setKey(stack);
    const both = await Promise.all([checkout.npm("up", stack), checkout.npm("up", stack)]);
    const [winner, loser] = both.sort((one, other) => one.exitCode - other.exitCode);
    assert.deepEqual([winner.exitCode, loser.exitCode], [0, 1], both.map(({ output }) => output).join("\n\n"));
    assert.match(
      loser.output,
      /^error: Stack twice is being changed by process \d+ of user \S+ since .*; wait until it ends, or end it with `kill -INT \d+`\.$/m,
    );
    await assertWhole(stack);
  });

  it("takes over objects that were made when nobody waited for the answer any more", async () => {
    const stack = "unanswered";
    await configure(stack);
    await createStack({ ...checkout.workspace.cli, stack });
    await setKey(stack);
    await checkout.up(stack);
    const state = await checkout.state(stack);
    const { resources = [] } = state.deployment;
    // On which no other depends.
    const forgotten = /:(Deployment|NetworkPolicy)$/;
    const rest = resources.filter(({ type }) => !forgotten.test(type));
    assert.equal(resources.length - rest.length, 2);
    await importState(checkout.workspace, stack, { ...state, deployment: { ...state.deployment, resources: rest } });
    assert.match(await checkout.up(stack), /^ {4}\+ 2 created$/m);
    await assertWhole(stack);
  });
});
