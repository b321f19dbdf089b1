import assert from "node:assert/strict";

import type { DjangoAppArgs } from "../../../components/app/djangoApp";
import type { BackupSettings } from "../../../components/config/backup";
import { type Container, deploy, type Pod } from "../helpers/app";
import { ownEnvironment } from "../helpers/environment";
import { label, only, plain, type Run } from "../helpers/registrations";

describe("A backup from time to time", () => {
  ownEnvironment();
  const volume: BackupSettings = { schedule: "0 3 * * *", timeZone: "Etc/UTC", to: "volume", keep: 7, size: "2Gi" };
  const s3: BackupSettings = {
    ...volume,
    to: {
      bucket: "shop",
      prefix: "dev/database",
      endpoint: "https://s3.example.com",
      region: "eu-central-1",
      accessKey: "AKIA",
      secretKey: "s3cr3t",
    },
  };
  const declare = async (backup: BackupSettings, more: Partial<DjangoAppArgs> = {}): Promise<Run> =>
    await deploy({ database: "postgres", backup, ...more });
  const cronJob = "kubernetes:batch/v1:CronJob";
  const podOf = (run: Run): Pod & { serviceAccountName: string } => {
    const { spec } = only(run, cronJob).inputs as unknown as {
      spec: { jobTemplate: { spec: { template: { spec: Pod & { serviceAccountName: string } } } } };
    };
    return spec.jobTemplate.spec.template.spec;
  };
  const references = ({ env }: Container): Record<string, unknown> =>
    Object.fromEntries(
      env.flatMap((each) =>
        "valueFrom" in each
          ? [[each.name, (each.valueFrom as { secretKeyRef: { key: string } }).secretKeyRef.key]]
          : [],
      ),
    );
  const script = ({ command = [] }: Container): string[] => command.slice(3);

  it("is a schedule by its labels, of which no two runs are at once and none is repeated", async () => {
    const { inputs } = only(await declare(volume), cronJob);
    const { jobTemplate, ...spec } = inputs["spec"] as {
      jobTemplate: { metadata: unknown; spec: Record<string, unknown> };
    };
    assert.deepEqual(spec, {
      schedule: "0 3 * * *",
      timeZone: "Etc/UTC",
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: 3600,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
    });
    assert.deepEqual(jobTemplate.metadata, { labels: { app: "django-schedule", schedule: "backup" } });
    assert.equal(jobTemplate.spec["backoffLimit"], 0);
  });

  it("dumps into a volume that is protected, by references to the app's Secret", async () => {
    const run = await declare(volume);
    const [container, ...others] = podOf(run).containers;
    assert.ok(container && others.length === 0);
    assert.equal(container.image, "postgres:17");
    assert.deepEqual(script(container), ["dump", "shop-", "shop-????????T??????Z.dump", "7"]);
    assert.deepEqual(references(container), {
      DATABASE_URL: "database-url",
      POSTGRES_HOST: "database-host",
      PGHOST: "database-host",
      POSTGRES_PORT: "database-port",
      PGPORT: "database-port",
      POSTGRES_DB: "database-name",
      PGDATABASE: "database-name",
      POSTGRES_USER: "database-user",
      PGUSER: "database-user",
      POSTGRES_PASSWORD: "database-password",
      PGPASSWORD: "database-password",
    });
    const claims = run.resources.filter(({ type }) => type === "kubernetes:core/v1:PersistentVolumeClaim");
    const claim = claims.find(({ name }) => name === "web-backup");
    assert.deepEqual(
      [claim?.protect, (claim?.inputs["spec"] as { resources: unknown }).resources],
      [true, { requests: { storage: "2Gi" } }],
    );
    assert.deepEqual(podOf(run).volumes[0], { name: "backups", persistentVolumeClaim: { claimName: "web-backup" } });
  });

  it("is not told by the stack's own variables where the database is", async () => {
    const run = await declare(volume, { secretEnv: { PGHOST: "elsewhere", TOKEN: "t" } });
    const [container] = podOf(run).containers;
    assert.ok(container);
    assert.equal(references(container)["PGHOST"], "database-host");
    assert.ok(!("TOKEN" in references(container)));
  });

  it("dumps beside the container that copies to S3-compatible storage, and keeps no volume", async () => {
    const run = await declare(s3);
    const { initContainers, containers, volumes } = podOf(run);
    const [dump] = initContainers as Container[];
    const [upload] = containers;
    assert.ok(dump && upload);
    assert.equal(dump.image, "postgres:17");
    assert.match(upload.image, /^rclone\/rclone:\d+\.\d+\.\d+$/);
    assert.deepEqual(script(upload), ["upload", "shop-????????T??????Z.dump", "7", "s3:shop/dev/database"]);
    assert.deepEqual(
      upload.env.filter(({ value }) => value !== undefined),
      [
        { name: "RCLONE_CONFIG", value: "/tmp/rclone.conf" },
        { name: "RCLONE_CONFIG_S3_TYPE", value: "s3" },
        { name: "RCLONE_CONFIG_S3_PROVIDER", value: "Other" },
        { name: "RCLONE_CONFIG_S3_NO_CHECK_BUCKET", value: "true" },
        { name: "RCLONE_RETRIES", value: "2" },
        { name: "RCLONE_LOW_LEVEL_RETRIES", value: "2" },
        { name: "RCLONE_CONTIMEOUT", value: "15s" },
        { name: "RCLONE_CONFIG_S3_ENDPOINT", value: "https://s3.example.com" },
        { name: "RCLONE_CONFIG_S3_REGION", value: "eu-central-1" },
      ],
    );
    assert.deepEqual(
      volumes,
      ["backups", "tmp"].map((name) => ({ name, emptyDir: {} })),
    );
    assert.ok(!run.resources.map(label).includes("kubernetes:core/v1:PersistentVolumeClaim web-backup"));
  });

  it("has the keys of the storage in a Secret alone", async () => {
    const run = await declare(s3);
    const [upload] = podOf(run).containers;
    assert.ok(upload);
    assert.deepEqual(references(upload), {
      RCLONE_CONFIG_S3_ACCESS_KEY_ID: "access-key",
      RCLONE_CONFIG_S3_SECRET_ACCESS_KEY: "secret-key",
    });
    const keys = run.resources.find(({ name }) => name === "web-backup-keys");
    assert.deepEqual(plain(keys?.inputs["stringData"]), { "access-key": "AKIA", "secret-key": "s3cr3t" });
    assert.doesNotMatch(JSON.stringify(only(run, cronJob).inputs), /AKIA|s3cr3t/);
  });
});
