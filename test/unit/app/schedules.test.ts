import assert from "node:assert/strict";

import type { DjangoAppArgs } from "../../../components/app/djangoApp";
import { deploy, type Pod, podOf, types } from "../helpers/app";
import { only, type Run, typesBefore } from "../helpers/registrations";

const cronJob = "kubernetes:batch/v1:CronJob";

const schedules: DjangoAppArgs["schedules"] = {
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
};

describe("A schedule", () => {
  it("is a CronJob from the same image, with the same variables, of which no two runs are at once", async () => {
    const all = await deploy({ schedules });
    const { name, inputs } = only(all, cronJob);
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

  describe("with a volume that outlives its pods", () => {
    const key = "kubernetes-django/volumes";
    const media = {
      path: "/app/media",
      size: "1Gi",
      storageClass: undefined,
      accessMode: "ReadWriteOnce",
      isBound: false,
    } as const;
    const annotationOf = (run: Run): unknown =>
      (only(run, cronJob).inputs as { metadata: { annotations: Record<string, string> } }).metadata.annotations[key];

    it("is replaced when it has others, before what its finished pods keep is deleted", async () => {
      const run = await deploy({ schedules, media });
      const { replaceOnChanges, deleteBeforeReplace } = only(run, cronJob);
      assert.deepEqual(
        [replaceOnChanges, deleteBeforeReplace],
        [['metadata.annotations["kubernetes-django/volumes"]'], true],
      );
      assert.ok(typesBefore(run, cronJob).has("kubernetes:core/v1:PersistentVolumeClaim"));
    });

    it("names those alone", async () => {
      const runs = [
        await deploy({ schedules, media, databaseStorage: "1Gi" }),
        await deploy({ schedules, media }),
        await deploy({ schedules }),
      ];
      assert.deepEqual(runs.map(annotationOf), ["data,media", "media", undefined]);
    });
  });
});
