import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import type { DjangoAppArgs } from "../../../components/app/djangoApp";
import { child, containerOf, deploy, forced, podOf, types, variable } from "../helpers/app";
import { ownEnvironment } from "../helpers/environment";
import { only, typesBefore } from "../helpers/registrations";

const withReleaseTag = (each: { name: string }): object =>
  each.name === "IMAGE_TAG" ? { ...each, value: "ba9876543210" } : each;

describe("The migration", () => {
  ownEnvironment();

  const release = ["python", "manage.py", "migrate", "--noinput"];
  const start = { command: undefined, args: undefined, release: { command: undefined, args: release } };
  const withDatabase: Partial<DjangoAppArgs> = {
    start,
    database: "postgres",
    databaseUrl: pulumi.secret("postgres://shop:pa55word@db.test/shop"),
  };

  it("is a Job for each version of what it reads, which is tried once and made again by the next update", async () => {
    const { inputs, ...rest } = only(await deploy(withDatabase), types.job);
    const { template, ...spec } = inputs["spec"] as { template: { metadata: object } };
    assert.deepEqual(
      { ...rest, inputs: { ...inputs, spec } },
      // Another image with the same migrations does not run them again.
      {
        ignoreChanges: ["spec.template.spec.containers[0].image"],
        ...child(types.job, "web-migrate-ba9876543210", {
          apiVersion: "batch/v1",
          kind: "Job",
          metadata: {
            namespace: "shop",
            name: "web-migrate-ba9876543210",
            labels: { app: "django-migrate" },
            annotations: { ...forced, "pulumi.com/replaceUnready": "true", "pulumi.com/timeoutSeconds": "600" },
          },
          spec: { backoffLimit: 0, activeDeadlineSeconds: 600, podReplacementPolicy: "Failed" },
        }),
      },
    );
    assert.deepEqual(template.metadata, { labels: { app: "django-migrate" } });
  });

  it("is the app's own pod with another command, without what only a server needs", async () => {
    const run = await deploy({ ...withDatabase, imagePullPolicy: "Always", cpuLimit: "1" });
    const { ports, lifecycle, startupProbe, readinessProbe, livenessProbe, ...container } = containerOf(run);
    for (const each of [ports, lifecycle, startupProbe, readinessProbe, livenessProbe]) {
      assert.notEqual(each, undefined);
    }
    const { affinity, topologySpreadConstraints, terminationGracePeriodSeconds, ...pod } = podOf(run);
    for (const each of [affinity, topologySpreadConstraints, terminationGracePeriodSeconds]) {
      assert.notEqual(each, undefined);
    }
    assert.deepEqual(podOf(run, types.job), {
      ...pod,
      restartPolicy: "Never",
      containers: [{ ...container, args: release, env: container.env.map(withReleaseTag) }],
    });
    assert.equal(variable(run, "DATABASE_URL_FILE", types.job), "/run/secrets/django/database-url");
    assert.equal(variable(run, "IMAGE_TAG", types.job), "ba9876543210");
  });

  it("pulls as the app does", async () => {
    const registry = { address: "registry.test", username: "me", password: pulumi.secret("t0ken") };
    const pod = podOf(await deploy({ ...withDatabase, registry }), types.job);
    assert.deepEqual(pod.imagePullSecrets, [{ name: "web-registry-1a2b3c4d" }]);
  });

  it("is over before the Deployment is touched", async () => {
    assert.ok(typesBefore(await deploy(withDatabase), types.deployment).has(types.job));
  });

  it("waits for the Postgres that it is for", async () => {
    const run = await deploy({ start, database: "postgres" });
    assert.ok(typesBefore(run, types.job).has("kubernetes:apps/v1:StatefulSet"));
    assert.ok(typesBefore(run, types.deployment).has(types.job));
  });
});
