import assert from "node:assert/strict";

import { contextOf } from "../../../../../test/unit/helpers/contexts";
import { localServers } from "../../../../../test/unit/helpers/servers";
import { followRun, type Outcome } from "../../../../commands/schedule/run";

const workload = {
  kind: "schedule",
  name: "nightly",
  app: "nightly",
  object: "kubernetes-django-nightly",
  replicas: undefined,
} as const;
const podOf = (state: object): object => ({
  metadata: {
    name: "nightly-1",
    uid: "1",
    creationTimestamp: "2026-01-01T00:00:00Z",
    labels: { app: "django-schedule", schedule: "nightly" },
  },
  spec: { restartPolicy: "Never", containers: [{ name: "nightly", image: "shop:abc" }] },
  status: { containerStatuses: [{ name: "nightly", image: "shop:abc", state }] },
});
const jobOf = (type?: string, reason?: string): object => ({
  spec: { activeDeadlineSeconds: 60 },
  status: { conditions: type === undefined ? [] : [{ type, reason, status: "True" }] },
});

const deleted = { kind: "Status", reason: "NotFound" };

describe("A run of a schedule", () => {
  const { serve } = localServers();
  let shown: string[];
  /** Looks at a run whose Job and pods are always the same. */
  const follow = async (job: object, pods: object[], signal = new AbortController().signal): Promise<Outcome> => {
    shown = [];
    const port = await serve(({ url = "" }, response) => {
      if (url.includes("/jobs/") && job === deleted) {
        response.statusCode = 404;
      }
      if (url.includes("/log?")) {
        response.end("2026-01-01T00:00:00.000000000Z one\n2026-01-01T00:00:01.000000000Z two\n");
      } else {
        response.end(JSON.stringify(url.includes("/jobs/") ? job : { items: url.includes("/pods?") ? pods : [] }));
      }
    });
    const place = { context: contextOf(`http://127.0.0.1:${port}`), namespace: "shop" };
    const run = { ...place, job: "nightly-manual-1", workload, folder: "../shop" };
    return await followRun(run, (text) => Promise.resolve(void shown.push(text)), signal);
  };

  it("shows its log to the end", async () => {
    assert.deepEqual(await follow(jobOf("Complete"), [podOf({ terminated: { exitCode: 0 } })]), { end: "well" });
    assert.deepEqual(shown, ["one", "two"]);
  });

  it("has the exit code of its command, and the log is not said again", async () => {
    const pods = [podOf({ terminated: { exitCode: 3, reason: "Error", message: "two\n" } })];
    const outcome = await follow(jobOf("Failed", "BackoffLimitExceeded"), pods);
    assert.ok(outcome.end === "failed");
    assert.equal(outcome.exitCode, 3);
    assert.equal(
      outcome.problem.message,
      "Schedule nightly (pod nightly-1) fails: Error, its command ends with exit code 3; mend the project in ../shop/ and run `npm run up`.",
    );
  });

  it("that took too long says how to give it longer", async () => {
    const outcome = await follow(jobOf("Failed", "DeadlineExceeded"), []);
    assert.ok(outcome.end === "failed");
    assert.equal(outcome.exitCode, 1);
    assert.equal(
      outcome.problem.message,
      "Schedule nightly failed: it did not end within 60 s (`schedules.nightly.deadlineSeconds`); give it longer with `pulumi config set --path schedules.nightly.deadlineSeconds 120` and `npm run up`.",
    );
  });

  it("whose Job was deleted is not called one that goes on", async () => {
    const outcome = await follow(deleted, [podOf({ running: {} })]);
    assert.ok(outcome.end === "failed");
    assert.equal(outcome.exitCode, 1);
    assert.equal(
      outcome.problem.message,
      "Schedule nightly was not seen to its end: Job nightly-manual-1 was deleted, and its pod with it; run the command again.",
    );
  });

  it("that cannot start says why", async () => {
    const pods = [podOf({ waiting: { reason: "InvalidImageName", message: "no image has that name" } })];
    const outcome = await follow(jobOf(), pods);
    assert.ok(outcome.end === "stuck");
    assert.match(outcome.problem.message, /^Schedule nightly \(pod nightly-1\) fails: InvalidImageName/);
  });

  it("goes on unseen once nobody looks", async () => {
    assert.deepEqual(await follow(jobOf(), [podOf({ running: {} })], AbortSignal.abort()), { end: "unseen" });
  });
});
