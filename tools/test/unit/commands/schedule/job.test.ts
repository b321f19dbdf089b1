import assert from "node:assert/strict";

import type { V1CronJob, V1Job } from "@kubernetes/client-node";

import type { Live } from "../../../../../components/kubernetes/types";
import { endOf, jobFrom, running } from "../../../../commands/schedule/job";

const cronJob = {
  metadata: { name: "kubernetes-django-nightly", namespace: "shop", uid: "1", creationTimestamp: "" },
  spec: {
    schedule: "0 3 * * *",
    jobTemplate: {
      metadata: { labels: { schedule: "nightly" }, annotations: { own: "a" } },
      spec: { backoffLimit: 0, template: { spec: { containers: [{ name: "nightly" }] } } },
    },
  },
} as Live<V1CronJob>;

describe("The Job of a schedule that runs now", () => {
  it("is as the schedule's own, and belongs to it", () => {
    assert.deepEqual(jobFrom(cronJob, "abcde"), {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: {
        name: "kubernetes-django-nightly-manual-abcde",
        namespace: "shop",
        labels: { schedule: "nightly" },
        annotations: { own: "a", "cronjob.kubernetes.io/instantiate": "manual" },
        ownerReferences: [
          { apiVersion: "batch/v1", kind: "CronJob", name: "kubernetes-django-nightly", uid: "1", controller: true },
        ],
      },
      spec: { backoffLimit: 0, template: { spec: { containers: [{ name: "nightly" }] } } },
    });
  });

  const jobOf = (name: string, owner: string, ...conditions: [type: string, status: string][]): Live<V1Job> =>
    ({
      metadata: { name, uid: name, creationTimestamp: "", ownerReferences: [{ uid: owner }] },
      status: { conditions: conditions.map(([type, status]) => ({ type, status })) },
    }) as Live<V1Job>;

  it("is not begun while another runs", () => {
    const jobs = [
      jobOf("ended", "1", ["SuccessCriteriaMet", "True"], ["Complete", "True"]),
      jobOf("failed", "1", ["Failed", "True"]),
      jobOf("runs", "1", ["Failed", "False"]),
      jobOf("ends", "1", ["FailureTarget", "True"]),
      jobOf("other", "2"),
    ];
    assert.deepEqual(running(jobs, cronJob), ["runs", "ends"]);
  });

  it("has an end once the controller says so", () => {
    assert.equal(endOf(jobOf("failed", "1", ["Failed", "True"]))?.type, "Failed");
    assert.equal(endOf(jobOf("new", "1")), undefined);
    assert.equal(endOf({}), undefined);
  });
});
