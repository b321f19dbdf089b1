import assert from "node:assert/strict";

import type { V1Job } from "@kubernetes/client-node";

import type { Live } from "../../../../../components/kubernetes/types";
import { contextOf } from "../../../../../test/unit/helpers/contexts";
import { localServers } from "../../../../../test/unit/helpers/servers";
import type { Workload } from "../../../../app/workloads";
import { checkWorkloads, scheduleFinding, standingFinding } from "../../../../commands/doctor/workloads";
import type { Pod } from "../../../../rollout/kubernetes";

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
    const found = standingFinding(worker, [podOf(true), podOf(true, 9, "2026-01-01T03:00:00Z")], { stack: "dev", now });
    assert.deepEqual(found, { status: "ok", subject: "process worker", detail: "2 of 2 pods ready" });
    assert.deepEqual(standingFinding(worker, [podOf(true), podOf(false)], { stack: "dev", now }), {
      status: "failed",
      subject: "process worker",
      detail: "1 of 2 pods ready",
      help,
    });
  });

  it("finds a process that ends again and again, and counts as ready in between", () => {
    const pods = [podOf(true), podOf(true, 3, "2026-01-01T11:50:00Z")];
    assert.deepEqual(standingFinding(worker, pods, { stack: "dev", now }), {
      status: "failed",
      subject: "process worker",
      detail: "2 of 2 pods ready, and a container was started again 3 times",
      help,
    });
  });

  it("notes what is to have no pod", () => {
    assert.deepEqual(standingFinding({ ...worker, replicas: 0 }, [], { stack: "dev", now }), {
      status: "note",
      subject: "process worker",
      detail: "has no pod, since `processes.worker.replicas` is 0",
      help: "run `pulumi config set --path processes.worker.replicas 1` and `npm run up`",
    });
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
      const found = scheduleFinding(nightly, jobs, "dev");
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
    assert.deepEqual(await checkWorkloads(place, { stack: "dev", folder: "../shop" }), [
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
});
