import assert from "node:assert/strict";

import { deploy, type Pod, podOf, types } from "../helpers/app";
import { only } from "../helpers/registrations";

describe("A schedule", () => {
  it("is a CronJob from the same image, with the same variables, of which no two runs are at once", async () => {
    const all = await deploy({
      schedules: {
        nightly: {
          schedule: "0 3 * * *",
          start: { command: undefined, args: ["python", "manage.py", "clearsessions"] },
          timeZone: "Europe/Berlin",
          deadlineSeconds: 600,
          startingDeadlineSeconds: 200,
          history: 3,
          cpuRequest: "50m",
          cpuLimit: "1",
          memoryRequest: "64Mi",
          memoryLimit: "256Mi",
        },
      },
    });
    const { name, inputs } = only(all, "kubernetes:batch/v1:CronJob");
    const { spec } = inputs as { spec: { jobTemplate: { metadata: unknown; spec: { template: { spec: Pod } } } } };
    const { jobTemplate, ...rest } = spec;
    const { template, ...job } = jobTemplate.spec;
    assert.equal(name, "web-nightly");
    assert.deepEqual(rest, {
      schedule: "0 3 * * *",
      timeZone: "Europe/Berlin",
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: 200,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
    });
    assert.deepEqual(job, { backoffLimit: 0, activeDeadlineSeconds: 600 });
    assert.deepEqual(jobTemplate.metadata, { labels: { app: "django-schedule", schedule: "nightly" } });
    const [container, ...others] = template.spec.containers;
    const web = podOf(all, types.deployment).containers[0];
    assert.ok(container && web && others.length === 0);
    assert.deepEqual(container.env, web.env);
    assert.equal(container.image, web.image);
    assert.deepEqual((container as { args?: string[] }).args, ["python", "manage.py", "clearsessions"]);
    assert.equal(template.spec.restartPolicy, "Never");
  });
});
