import assert from "node:assert/strict";

import { type BackupSettings, backupsTo } from "../../../components/config/backup";
import { loadSettings } from "../../../components/config/settings";
import { configure } from "../helpers/config";
import { isProblem } from "../helpers/problems";

describe("The key backup", () => {
  const load = (backup: unknown, more: Record<string, unknown> = {}): BackupSettings | undefined =>
    loadSettings(configure({ target: "sandbox", debug: true, database: "postgres", backup, ...more })).backups.backup;
  const keys = { backupAccessKey: "access", backupSecretKey: "secret" };
  const volume = { schedule: "0 3 * * *", to: "volume" };
  const s3 = { schedule: "@daily", to: "s3://shop-backups/dev/database" };

  it("asks for nothing where it is not set", () => {
    assert.equal(load({}), undefined);
  });

  it("keeps seven files in a volume of 1Gi, by the time in UTC, unless it says otherwise", () => {
    assert.deepEqual(load(volume), { schedule: "0 3 * * *", timeZone: "Etc/UTC", to: "volume", keep: 7, size: "1Gi" });
    assert.deepEqual(load({ ...volume, keep: 30, size: "5Gi", timeZone: "Europe/Berlin" }), {
      schedule: "0 3 * * *",
      timeZone: "Europe/Berlin",
      to: "volume",
      keep: 30,
      size: "5Gi",
    });
  });

  it("names a bucket, folders in it, and a server", () => {
    const read = load({ ...s3, endpoint: "http://127.0.0.1:9000/", region: "eu-central-1" }, keys);
    assert.ok(typeof read?.to === "object");
    const { bucket, prefix, endpoint, region } = read.to;
    assert.deepEqual(
      { bucket, prefix, endpoint, region },
      {
        bucket: "shop-backups",
        prefix: "dev/database",
        endpoint: "http://127.0.0.1:9000",
        region: "eu-central-1",
      },
    );
  });

  it("tells the tools which images it takes", () => {
    const to = (backup: unknown): unknown => backupsTo({ get: () => JSON.stringify(backup) });
    assert.deepEqual(
      [to(volume), to(s3), to({}), to({ to: 1 }), to("volume")],
      ["volume", "s3", undefined, undefined, undefined],
    );
  });

  const refused: [what: string, backup: unknown, message: string, more?: Record<string, unknown>][] = [
    [
      "no schedule",
      { to: "volume" },
      "Config key \"backup.schedule\" is not set: allowed is a cron expression of five fields (minute, hour, day, month, weekday), or @hourly, @daily and such; run `pulumi config set --path backup.schedule '0 3 * * *'`.",
    ],
    [
      "no place",
      { schedule: "@daily" },
      'Config key "backup.to" is not set: allowed is volume, or s3://BUCKET/PREFIX; run `pulumi config set --path backup.to volume`.',
    ],
    [
      "another kind of storage",
      { ...s3, to: "gs://shop" },
      'Config key "backup.to" is "gs://shop": allowed is volume, or s3://BUCKET/PREFIX; run `pulumi config set --path backup.to volume`.',
    ],
    [
      "a bucket in capitals",
      { ...s3, to: "s3://Shop" },
      'Config key "backup.to" is "s3://Shop": allowed is volume, or s3://BUCKET/PREFIX; run `pulumi config set --path backup.to volume`.',
    ],
    [
      "no file to keep",
      { ...volume, keep: 0 },
      'Config key "backup.keep" is "0": allowed is a whole number from 1 to 1000; run `pulumi config set --path backup.keep 7`.',
    ],
    [
      "a size that is none",
      { ...volume, size: "big" },
      'Config key "backup.size" is "big": allowed is a Kubernetes quantity of at least 1Mi, such as 1Gi; run `pulumi config set --path backup.size 1Gi`.',
    ],
    [
      "a misspelt field",
      { ...volume, kept: 7 },
      'Config key "backup.kept" does not exist: the nearest one is "keep"; run `pulumi config rm --path backup.kept`, and `pulumi config set --path backup.keep VALUE` if you meant that.',
    ],
    [
      "an endpoint of a volume",
      { ...volume, endpoint: "https://s3.example.com" },
      'Config key "backup.endpoint" is "https://s3.example.com", and "backup.to" is "volume", which has none; run `pulumi config rm --path backup.endpoint`, or `pulumi config set --path backup.to s3://BUCKET/PREFIX`.',
    ],
    [
      "an endpoint that is no URL",
      { ...s3, endpoint: "s3.example.com" },
      'Config key "backup.endpoint" is "s3.example.com": allowed is the URL of an S3 server, http or https, without a path; run `pulumi config set --path backup.endpoint https://s3.example.com`.',
      keys,
    ],
    [
      "no key of the storage",
      s3,
      'Config key "backupSecretKey" is not set, and "backup.to" is S3-compatible storage, which asks for it; run `pulumi config set --secret backupSecretKey VALUE`.',
      { backupAccessKey: "access" },
    ],
    [
      "SQLite",
      volume,
      'Config key "backup" is set, and "database" is "sqlite": backups from time to time are of Postgres; run `pulumi config set database postgres`, or `pulumi config rm backup` and `npm run db:backup -- STACK FILE` at times.',
      { database: "sqlite" },
    ],
  ];
  for (const [what, backup, message, more] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(() => load(backup, more), isProblem(message));
    });
  }

  it("takes keys of the storage that are encrypted alone", () => {
    const values = { target: "sandbox", debug: true, database: "postgres", backup: s3, ...keys };
    assert.throws(
      () => loadSettings(configure(values, ["backupSecretKey"])),
      /Config key "backupAccessKey" is in plain text/,
    );
  });
});
