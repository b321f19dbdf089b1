import assert from "node:assert/strict";
import fs from "node:fs";

import { waitsForData } from "../../../components/app/postgresData";
import { postgresImageOf } from "../../../components/app/postgresImage";
import { rcloneImage } from "../../../components/app/rcloneImage";
import { ensureImage } from "../../sandbox/images/ensureImage";
import { local } from "../../sandbox/cluster/kinds";
import { until, untilTrue } from "../../waiting";
import { Checkout } from "./helpers/checkout";
import { availableBuilder, getTools, needPlugin } from "./helpers/cluster";
import { type ReadyPod, readyPods } from "./helpers/pods";
import { S3Server } from "./helpers/s3Server";
import { RunningCommand } from "../../terminal/runningCommand";
import { Workspace } from "./helpers/workspace";

const namespace = "backup";

/** What projects have in a database, and rows of which a wrong byte would show. */
const content = `
CREATE EXTENSION IF NOT EXISTS citext;
CREATE TYPE mood AS ENUM ('calm', 'loud');
CREATE TABLE shelf (id bigserial PRIMARY KEY, name citext UNIQUE, mood mood, cover bytea, price numeric(12, 4), added timestamptz);
CREATE TABLE book (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), shelf_id bigint REFERENCES shelf, data jsonb, tags text[]);
INSERT INTO shelf (name, mood, cover, price, added)
  SELECT 'Régal ' || n || E'\\t"\\\\', CASE WHEN n % 2 = 0 THEN 'calm' ELSE 'loud' END::mood, decode(md5(n::text), 'hex'), n / 7.0, now() - n * interval '1 hour'
  FROM generate_series(1, 20000) AS n;
INSERT INTO book (shelf_id, data, tags) SELECT id, jsonb_build_object('n', id, 'null', NULL), ARRAY['a,b', '', NULL] FROM shelf;
CREATE INDEX ON book USING gin (data);
CREATE VIEW calm AS SELECT * FROM shelf WHERE mood = 'calm';
CREATE FUNCTION touched() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.added = now(); RETURN NEW; END $$;
CREATE TRIGGER touch BEFORE UPDATE ON shelf FOR EACH ROW EXECUTE FUNCTION touched();
CREATE SCHEMA archive;
CREATE TABLE archive.old AS SELECT * FROM shelf LIMIT 10;
`;

describe("the backup of a Postgres 15 in the namespace", () => {
  let checkout: Checkout;
  let workspace: Workspace;

  before(async function () {
    this.timeout(600_000);
    const builder = await availableBuilder();
    await needPlugin(this, builder);
    for (const image of [postgresImageOf(15), postgresImageOf(17), rcloneImage]) {
      await ensureImage(local, image);
    }
    const config = { target: "docker-desktop", builder, namespace, imageRepository: namespace, debug: true };
    workspace = await Workspace.create(await getTools(), "dev", {
      ...config,
      database: "postgres",
      postgresVersion: "15",
      protectData: false,
    });
    checkout = new Checkout(workspace);
    await checkout.up("dev");
  });
  after(async () => {
    await (workspace as Workspace | undefined)?.dispose();
  });

  const psql = async (sql: string): Promise<string> => {
    const exec = ["--namespace", namespace, "exec", "kubernetes-django-database-0", "--"];
    const query = ["psql", "--username=django", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set"];
    return (await workspace.kubectl(...exec, ...query, "ON_ERROR_STOP=1", "--command", sql)).trim();
  };
  /** Every row of every table, and the objects that are no tables. */
  const everything = async (): Promise<string> => {
    const list =
      "SELECT string_agg(format('%I.%I', schemaname, tablename), ' ' ORDER BY 1) FROM (SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2) AS t";
    const tables = (await psql(list)).split(" ");
    const sums = tables.map(
      (table) => `SELECT '${table}', count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM ${table} AS t`,
    );
    const others =
      "SELECT 'others', count(*), md5(string_agg(o, '|' ORDER BY o)) FROM (SELECT viewname || (SELECT count(*) FROM calm) AS o FROM pg_views WHERE schemaname = 'public' UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' UNION ALL SELECT sequencename || last_value FROM pg_sequences) AS x";
    return await psql([...sums, others].join(" UNION ALL "));
  };
  const file = (): string => checkout.path("shop.dump");
  /** What is in that file. */
  let original = "";

  it("writes a file for its owner alone, and nothing else", async () => {
    await psql(content);
    original = await everything();
    const { exitCode, stdout, output } = await checkout.npm("db:backup", "dev", file());
    assert.equal(exitCode, 0, output);
    assert.equal(stdout, "shop.dump");
    assert.match(output, /✓ Backup of the database of stack dev \(Postgres 15\.\d+, [\d.]+ MB\): [\d.]+ MB/);
    assert.equal(fs.statSync(file()).mode & 0o777, 0o600);
    assert.deepEqual(
      fs.readdirSync(workspace.folder).filter((name) => name.startsWith("shop.")),
      ["shop.dump"],
    );
  });

  it("is not restored over rows that nobody said may go", async () => {
    const before = await everything();
    const { exitCode, output } = await checkout.npm("db:restore", "dev", file());
    assert.notEqual(exitCode, 0);
    assert.match(
      output,
      /error: The database of stack dev is not empty: tables book, old, shelf have rows, which a restore replaces; run `npm run db:backup -- dev FILE` to keep them, and add --force to replace them\.$/,
    );
    assert.equal(await everything(), before);
  });

  it("brings back every row, and takes away what came later", async () => {
    const before = await everything();
    await psql(
      "DELETE FROM book; UPDATE shelf SET name = name || 'x'; CREATE TABLE later AS SELECT 1 AS id; CREATE VIEW v AS SELECT * FROM later; DROP SCHEMA archive CASCADE",
    );
    assert.notEqual(await everything(), before);
    const { exitCode, output } = await checkout.npm("db:restore", "dev", file(), "--force");
    assert.equal(exitCode, 0, output);
    assert.equal(await everything(), before);
  });

  it("is not restored where a part of the file is missing, and the database is as it was", async () => {
    const whole = fs.readFileSync(file());
    const half = checkout.path("half.dump");
    fs.writeFileSync(half, whole.subarray(0, whole.length - 100_000));
    await psql("DELETE FROM book");
    const before = await everything();
    const { exitCode, output } = await checkout.npm("db:restore", "dev", half, "--force");
    assert.notEqual(exitCode, 0);
    assert.match(
      output,
      /error: .*half\.dump cannot be restored into the database of stack dev:\n(?: {2}\| .*\n)+Everything is as it was\.$/,
    );
    assert.equal(await everything(), before);
  });

  for (const [command, ...rest] of [["db:backup"], ["db:restore", "--force"]] as const) {
    it(`leaves nothing of ${command} after Ctrl-C`, async () => {
      const before = await everything();
      const bytes = fs.readFileSync(file());
      // With the lock neither comes to an end.
      const lock = psql("BEGIN; LOCK TABLE book IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(300)").catch(() => undefined);
      const locks =
        "SELECT count(*) FROM pg_locks WHERE relation = 'book'::regclass AND mode = 'AccessExclusiveLock' AND granted";
      await untilTrue(async () => (await psql(locks)) === "1", { seconds: 120 });
      const waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
      const running = new RunningCommand(checkout.startNpm({}, command, "dev", file(), ...rest));
      await untilTrue(async () => (await psql(waiting)) === "1", { seconds: 120 });
      const { exitCode } = await running.interrupt();
      assert.notEqual(exitCode, 0);
      assert.match(running.printed, /error: SIGINT ended the command/);
      await psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'BEGIN; LOCK %'");
      await lock;
      assert.deepEqual(fs.readFileSync(file()), bytes);
      assert.deepEqual(
        fs.readdirSync(workspace.folder).filter((name) => name.includes("partial")),
        [],
      );
      assert.equal(await everything(), before);
    });
  }

  it("is made and restored by a pod of its own where the server is the user's, which is gone afterwards", async () => {
    // What is deployed has a URL; that the config names one decides how its server is reached.
    await workspace.pulumiOk("config", "set", "--secret", "databaseUrl", "postgres://django@192.0.2.1/django");
    try {
      const before = await everything();
      const far = checkout.path("far.dump");
      const made = await checkout.npm("db:backup", "dev", far);
      assert.equal(made.exitCode, 0, made.output);
      await psql("DROP TABLE book");
      const restored = await checkout.npm("db:restore", "dev", far, "--force");
      assert.equal(restored.exitCode, 0, restored.output);
      assert.equal(await everything(), before);
      const ask = ["get", "pods", "--selector", "app=django-client", "--output", "name"];
      await untilTrue(async () => (await workspace.kubectl("--namespace", namespace, ...ask)) === "", { seconds: 120 });
    } finally {
      await workspace.pulumiOk("config", "rm", "databaseUrl");
    }
  });

  describe("from time to time", () => {
    const set = async (key: string, value: string): Promise<void> => {
      await workspace.pulumiOk("config", "set", "--path", `backup.${key}`, value);
    };
    const kubectl = async (...args: string[]): Promise<string> =>
      await workspace.kubectl("--namespace", namespace, ...args);
    /** Runs it now, and returns whether it succeeded, with its log. */
    const run = async (name: string): Promise<{ succeeded: boolean; log: string }> => {
      await kubectl("create", "job", name, "--from=cronjob/kubernetes-django-backup");
      const ask = async (): Promise<string> =>
        await kubectl("get", "job", name, "--output", "jsonpath={.status.conditions[*].type}");
      await untilTrue(async () => /Complete|Failed/.test(await ask()), { seconds: 240 });
      const succeeded = (await ask()).includes("Complete");
      return { succeeded, log: await kubectl("logs", `job/${name}`, "--all-containers") };
    };

    it("keeps the newest files in a volume, from which a file is restored", async () => {
      await set("schedule", "0 3 * * *");
      await set("to", "volume");
      await set("keep", "2");
      await checkout.up("dev");
      const logs: string[] = [];
      for (const name of ["first", "second", "third"]) {
        const { succeeded, log } = await run(name);
        assert.ok(succeeded, log);
        logs.push(log);
      }
      const made = logs.map((log) => /^(backup-\d{8}T\d{6}Z\.dump): \d{5,} bytes$/m.exec(log)?.[1]);
      assert.match(logs[2] ?? "", new RegExp(`${made[0] ?? "none"} removed`));
    });

    describe("to an S3 server", () => {
      let server: S3Server;

      before(async () => {
        const address = 'jsonpath={.items[0].status.addresses[?(@.type=="InternalIP")].address}';
        server = await S3Server.start((await workspace.kubectl("get", "nodes", "--output", address)).trim());
      });
      after(async () => {
        await (server as S3Server | undefined)?.stop();
      });

      it("fails where the keys are wrong, and says so", async () => {
        await set("to", `s3://${server.bucket}/dev/database`);
        await set("endpoint", server.endpoint);
        await workspace.pulumiOk("config", "set", "--secret", "backupAccessKey", server.accessKey);
        await workspace.pulumiOk("config", "set", "--secret", "backupSecretKey", "wrong");
        await checkout.up("dev");
        const { succeeded, log } = await run("wrong");
        assert.ok(!succeeded, log);
        assert.match(log, /SignatureDoesNotMatch/);
        assert.deepEqual(await server.files("dev/database"), []);
      });

      it("keeps the newest files there, each of which is whole", async () => {
        await workspace.pulumiOk("config", "set", "--secret", "backupSecretKey", server.secretKey);
        await checkout.up("dev");
        for (const name of ["fourth", "fifth", "sixth"]) {
          const { succeeded, log } = await run(name);
          assert.ok(succeeded, log);
        }
        const files = await server.files("dev/database");
        assert.equal(files.length, 2);
        const before = await everything();
        fs.writeFileSync(checkout.path("s3.dump"), await server.read(`dev/database/${files[1] ?? ""}`));
        await psql("DELETE FROM book");
        const { exitCode, output } = await checkout.npm("db:restore", "dev", checkout.path("s3.dump"), "--force");
        assert.equal(exitCode, 0, output);
        assert.equal(await everything(), before);
      });

      it("has the keys of the storage in no spec, log or state", async () => {
        const specs = await kubectl("get", "cronjobs,jobs,pods", "--output", "yaml");
        assert.doesNotMatch(specs, new RegExp(server.secretKey));
        assert.ok(!(await workspace.pulumiOk("stack", "export")).includes(server.secretKey));
      });
    });
  });

  describe("and a newer Postgres", () => {
    it("is refused by `up` before anything changes", async () => {
      await workspace.pulumiOk("config", "set", "postgresVersion", "17");
      const { exitCode, output } = await checkout.npm("up", "dev");
      assert.notEqual(exitCode, 0);
      assert.match(
        output,
        /Config key "postgresVersion" is "17", and the data in the volume "kubernetes-django-database" of namespace "backup" is of Postgres 15, which Postgres 17 cannot read; run `npm run db:upgrade -- dev`, which copies it and keeps the old data, or run `npm run pulumi -- config set postgresVersion 15 --stack dev`\./,
      );
      assert.match(await psql("SHOW server_version"), /^15\./);
    });

    it("loses no row where the command is killed, and no two servers have the data at once", async () => {
      const before = await everything();
      const kubectl = async (...args: string[]): Promise<string> =>
        await workspace.kubectl("--namespace", namespace, ...args);
      const upgrading = checkout.startNpm({}, "db:upgrade", "dev");
      const both = async (): Promise<ReadyPod[]> => await readyPods(workspace, namespace, "app=django-upgrade");
      await untilTrue(async () => (await both()).length === 1, { seconds: 240 });
      process.kill(-Number(upgrading.pid), "SIGKILL");
      await upgrading;
      // As the command advises where it cannot do so itself. The pod with both versions is there still.
      await kubectl("scale", "statefulset/kubernetes-django-database", "--replicas=1");
      // The cluster gives no log of a container while its first command, which asks the server, has not ended.
      const name = `name=k8s_postgres_kubernetes-django-database-0_${namespace}`;
      await untilTrue(
        async () => {
          const { output } = await workspace.docker("ps", "--quiet", "--filter", name);
          return output !== "" && (await workspace.docker("logs", output)).output.includes(waitsForData);
        },
        { seconds: 120 },
      );
      await kubectl("delete", "pod", "kubernetes-django-upgrade");
      await until(
        async () => {
          assert.equal(await everything(), before);
        },
        { seconds: 120 },
      );
    });

    it("takes over every row by one command, and leaves the old data until it is told", async () => {
      const before = await everything();
      const { exitCode, output } = await checkout.npm("db:upgrade", "dev");
      assert.equal(exitCode, 0, output);
      assert.match(await psql("SHOW server_version"), /^17\./);
      assert.equal(await everything(), before);
      const removed = await checkout.npm("db:upgrade", "dev", "--remove-old");
      assert.equal(removed.stdout, "pgdata", removed.output);
      const { output: again } = await checkout.npm("up", "dev");
      assert.doesNotMatch(again, /error/);
    });

    it("takes over a backup of the older one, row by row", async () => {
      const { exitCode, output } = await checkout.npm("db:restore", "dev", file(), "--force");
      assert.equal(exitCode, 0, output);
      assert.equal(await everything(), original);
    });
  });
});
