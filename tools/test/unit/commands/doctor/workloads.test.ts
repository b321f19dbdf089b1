import assert from "node:assert/strict";

import type { V1Job } from "@kubernetes/client-node";

import type { Live } from "../../../../../components/kubernetes/types";
import { contextOf } from "../../../../../test/unit/helpers/contexts";
import { localServers } from "../../../../../test/unit/helpers/servers";
import type { Workload } from "../../../../app/workloads";
import { checkWorkloads, runningApps, scheduleFinding, standingFinding } from "../../../../commands/doctor/workloads";
import type { Pod } from "../../../../rollout/kubernetes";

const first = { stack: "dev", app: "kubernetes-django" };
const blog = { stack: "dev", app: "blog" };
const now = Date.parse("2026-01-01T12:00:00Z");
const worker: Workload = {
  kind: "process",
  name: "worker",
  app: "worker",
  object: "kubernetes-django-worker",
  replicas: 2,
};
const podOf = (isReady: boolean, restartCount = 0, finishedAt?: string, state: object = { running: {} }): Pod =>
  ({
    metadata: {
      name: "worker-1",
      uid: "1",
      creationTimestamp: "",
      labels: { app: "django-process", process: "worker" },
    },
    spec: { containers: [{ name: "worker" }] },
    status: {
      conditions: [{ type: "Ready", status: isReady ? "True" : "False" }],
      containerStatuses: [
        {
          name: "worker",
          restartCount,
          state,
          lastState:
            finishedAt === undefined
              ? {}
              : { terminated: { exitCode: 1, finishedAt, message: "SyntaxError: invalid syntax\n" } },
        },
      ],
    },
  }) as unknown as Pod;

describe("The check of what runs", () => {
  const help = "run `npm run logs -- dev worker` to see what it says";

  it("counts the pods that are ready", () => {
    const found = standingFinding(worker, [podOf(true), podOf(true, 9, "2026-01-01T03:00:00Z")], { ...first, now });
    assert.deepEqual(found, { status: "ok", subject: "process worker", detail: "2 of 2 pods ready" });
    assert.deepEqual(standingFinding(worker, [podOf(true), podOf(false)], { ...first, now }), {
      status: "failed",
      subject: "process worker",
      detail: "1 of 2 pods ready",
      help,
    });
  });

  it("finds a process that ends again and again, and counts as ready in between", () => {
    const pods = [podOf(true), podOf(true, 3, "2026-01-01T11:50:00Z")];
    assert.deepEqual(standingFinding(worker, pods, { ...first, now }), {
      status: "failed",
      subject: "process worker",
      detail: "2 of 2 pods ready, and a container was started again 3 times",
      help,
    });
  });

  it("notes what is to have no pod", () => {
    assert.deepEqual(standingFinding({ ...worker, replicas: 0 }, [], { ...first, now }), {
      status: "note",
      subject: "process worker",
      detail: "has no pod, since `processes.worker.replicas` is 0",
      help: "run `pulumi config set --path processes.worker.replicas 1` and `npm run up`",
    });
  });

  it("names another app than the first, in its commands and keys, too", () => {
    assert.deepEqual(standingFinding(worker, [podOf(false)], { ...blog, now }), {
      status: "failed",
      subject: "process worker of app blog",
      detail: "0 of 2 pods ready",
      help: "run `npm run logs -- dev --app blog worker` to see what it says",
    });
    assert.deepEqual(standingFinding({ ...worker, replicas: 0 }, [], { ...blog, now }), {
      status: "note",
      subject: "process worker of app blog",
      detail: "has no pod, since `blog:processes.worker.replicas` is 0",
      help: "run `pulumi config set --path blog:processes.worker.replicas 1` and `npm run up`",
    });
    const failed = scheduleFinding(nightly, [jobOf(2, "Failed", "BackoffLimitExceeded")], blog);
    assert.deepEqual(
      [failed.subject, failed.help],
      [
        "schedule nightly of app blog",
        "run `npm run logs -- dev --app blog nightly --no-follow` to see why, and `npm run schedule -- dev --app blog nightly` to run it again",
      ],
    );
  });

  const nightly: Workload = { ...worker, kind: "schedule", name: "nightly", object: "kubernetes-django-nightly" };
  const jobOf = (hour: number, type?: string, reason?: string): Live<V1Job> =>
    ({
      metadata: {
        name: `nightly-${hour}`,
        uid: "",
        creationTimestamp: `2026-01-01T0${hour}:00:00Z`,
        ownerReferences: [{ name: nightly.object }],
      },
      spec: { activeDeadlineSeconds: 60 },
      status: {
        conditions:
          type === undefined
            ? []
            : [{ type, status: "True", reason, lastTransitionTime: `2026-01-01T0${hour}:01:00Z` }],
      },
    }) as unknown as Live<V1Job>;

  const runs: [what: string, jobs: Live<V1Job>[], status: string, detail: string][] = [
    ["has not run", [], "ok", "has not run yet"],
    ["runs", [jobOf(1)], "ok", "runs for the first time"],
    [
      "ran well since it failed",
      [jobOf(2, "Complete"), jobOf(1, "Failed"), jobOf(3)],
      "ok",
      "its last run ended well at 2026-01-01T02:01:00Z",
    ],
    [
      "failed the last time",
      [jobOf(1, "Complete"), jobOf(2, "Failed", "BackoffLimitExceeded")],
      "failed",
      "its last run failed at 2026-01-01T02:01:00Z (Job nightly-2)",
    ],
    [
      "took too long",
      [jobOf(2, "Failed", "DeadlineExceeded")],
      "failed",
      "its last run did not end within 60 s at 2026-01-01T02:01:00Z (Job nightly-2)",
    ],
  ];
  for (const [what, jobs, status, detail] of runs) {
    it(`looks at the last run of a schedule that ${what}`, () => {
      const found = scheduleFinding(nightly, jobs, first);
      assert.deepEqual([found.subject, found.status, found.detail], ["schedule nightly", status, detail]);
    });
  }

  const { serve } = localServers();

  it("says why a process does not run, with its last lines", async () => {
    const labels = { app: "django-process", process: "worker" };
    const deployment = { metadata: { name: worker.object }, spec: { template: { metadata: { labels } } } };
    const crashed = podOf(false, 4, new Date().toISOString(), { waiting: { reason: "CrashLoopBackOff" } });
    const port = await serve(({ url = "" }, response) => {
      const items = url.includes("/deployments") ? [deployment] : url.includes("/pods?") ? [crashed] : [];
      response.end(JSON.stringify({ items }));
    });
    const place = { context: contextOf(`http://127.0.0.1:${port}`), namespace: "shop" };
    assert.deepEqual(await checkWorkloads({ ...first, place }, "../shop"), [
      {
        status: "failed",
        subject: "process worker",
        detail:
          "0 of 1 pod ready, and a container was started again 4 times (CrashLoopBackOff, the container ends with exit code 1)",
        output: ["SyntaxError: invalid syntax"],
        help: "mend the project in ../shop/ and run `npm run up`",
      },
    ]);
  });

  it("names how the keys of another app begin where it advises to set one", async () => {
    const labels = { app: "django-process", process: "worker" };
    const deployment = { metadata: { name: worker.object }, spec: { template: { metadata: { labels } } } };
    const killed = {
      ...podOf(false, 1, new Date().toISOString(), { waiting: { reason: "CrashLoopBackOff" } }),
      spec: { containers: [{ name: "worker", resources: { limits: { memory: "64Mi" } } }] },
    } as unknown as Pod;
    Object.assign(killed.status.containerStatuses?.[0]?.lastState?.terminated ?? {}, {
      reason: "OOMKilled",
      exitCode: 137,
    });
    const port = await serve(({ url = "" }, response) => {
      const items = url.includes("/deployments") ? [deployment] : url.includes("/pods?") ? [killed] : [];
      response.end(JSON.stringify({ items }));
    });
    const place = { context: contextOf(`http://127.0.0.1:${port}`), namespace: "shop-blog" };
    const [finding] = await checkWorkloads({ ...blog, place }, "../blog");
    assert.equal(finding?.subject, "process worker of app blog");
    assert.match(
      finding.help ?? "",
      /^raise the limit, such as with `pulumi config set --path processes\.worker\.memoryLimit \w+` and run `npm run up` \(the keys of this app are "blog:KEY"\)$/,
    );
  });

  describe("is done where an app runs", () => {
    const context = contextOf("http://127.0.0.1:1");
    const namespace = (app: string, name: string) => ({
      urn: `urn:pulumi:dev::p::kubernetes:core/v1:Namespace::${app}-namespace`,
      type: "kubernetes:core/v1:Namespace",
      outputs: { metadata: { name, uid: "1" } },
    });
    const component = (app: string) => ({
      urn: `urn:pulumi:dev::p::django:index:DjangoApp::${app}`,
      type: "django:index:DjangoApp",
    });
    const deployment = {
      resources: [
        { urn: "urn:p", type: "pulumi:providers:kubernetes", outputs: { context: context.name } },
        ...["kubernetes-django", "blog", "news"].map(component),
        namespace("kubernetes-django", "shop"),
        namespace("blog", "shop-blog"),
      ],
    };
    const ok = { status: "ok", subject: "deployed objects", detail: "" } as const;

    it("for each app that has a namespace", () => {
      assert.deepEqual(runningApps({ stack: "dev" }, deployment, context, [ok]), [
        { ...first, place: { context, namespace: "shop" } },
        { ...blog, place: { context, namespace: "shop-blog" } },
      ]);
    });

    it("not for one whose namespace is somebody else's", () => {
      const foreign = { status: "failed", subject: "namespace of app blog", detail: "" } as const;
      const apps = runningApps({ stack: "dev" }, deployment, context, [foreign, ok]);
      assert.deepEqual(
        apps.map(({ app }) => app),
        ["kubernetes-django"],
      );
    });

    it("nowhere on another cluster than the state's", () => {
      assert.deepEqual(runningApps({ stack: "dev" }, deployment, { ...context, name: "other" }, []), []);
    });
  });
});
