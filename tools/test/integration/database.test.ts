import assert from "node:assert/strict";
import fs from "node:fs";

import { databaseImage } from "../../sandbox/images/baseImage";
import { withoutDaemon } from "../../sandbox/cluster/cluster";
import { ensureImage } from "../../sandbox/images/ensureImage";
import { local } from "../../sandbox/cluster/kinds";
import { until, untilTrue } from "../../waiting";
import { Checkout } from "./helpers/checkout";
import { availableBuilder, getTools, needPlugin } from "./helpers/cluster";
import { untilPageShows } from "./helpers/page";
import { stayingPods } from "./helpers/pods";
import { reachPostgres } from "./helpers/reachPostgres";
import { RunningCommand } from "../../terminal/runningCommand";
import { type Result, Workspace } from "./helpers/workspace";

const namespace = "database";

describe("a stack with a Postgres in its namespace", () => {
  let checkout: Checkout;
  let workspace: Workspace;

  before(async function () {
    this.timeout(600_000);
    const builder = await availableBuilder();
    await needPlugin(this, builder);
    await ensureImage(local, databaseImage);
    const config = { target: "docker-desktop", builder, namespace, imageRepository: namespace, debug: false };
    workspace = await Workspace.create(await getTools(), "dev", { ...config, database: "postgres", replicas: "2" });
    await workspace.pulumiOk("config", "set", "--secret", "secretKey", "k".repeat(60));
    checkout = new Checkout(workspace);
    await checkout.up("dev");
  });
  after(async () => {
    const stack = workspace as Workspace | undefined;
    await stack?.pulumi("state", "unprotect", "--all", "--yes");
    await stack?.dispose();
  });

  const output = async (name: string): Promise<string> =>
    (await workspace.pulumiOk("stack", "output", name, "--stack", "dev")).trim();
  const manage = async (...args: string[]): Promise<Result> => await checkout.npm("manage", "dev", ...args);
  const shell = async (code: string): Promise<string> => {
    const { exitCode, output } = await manage("shell", "--no-imports", "--command", code);
    assert.equal(exitCode, 0, output);
    return output.trim();
  };
  /** Asks on while pods start anew: what the API server says of them may be from before they ended. */
  const answer = async (code: string): Promise<string> =>
    await until(async () => await shell(code), { seconds: 120, pauseMilliseconds: 1000 });
  const user = "from django.contrib.auth.models import User; ";
  const names = `${user}print([u.username for u in User.objects.filter(is_superuser=False)])`;
  const kubectl = async (...args: string[]): Promise<string> =>
    await workspace.kubectl("--namespace", namespace, ...args);
  const untilServed = async (expected: RegExp): Promise<void> => {
    await untilPageShows(await output("url"), expected);
  };

  it("has applied every migration, in one pod for two of the app, before the page was served", async () => {
    const { output } = await manage("showmigrations", "--plan");
    assert.match(output, /\[X\] +auth\.0001_initial/);
    assert.doesNotMatch(output, /\[ \]/);
    const pods = await kubectl("get", "pods", "--selector", "app=django-migrate", "--output", "name");
    assert.equal(pods.split("\n").length, 1, pods);
  });

  it("hands `npm run manage` its arguments, and its exit code back", async () => {
    const { exitCode, output } = await manage("no-such-command");
    assert.notEqual(exitCode, 0);
    assert.match(output, /Unknown command: 'no-such-command'/);
    assert.equal(await shell("print('over' + ' there')"), "over there");
  });

  it("makes an app and its migrations in the checkout, from sources that are not deployed", async () => {
    const settings = fs.readFileSync(checkout.path("app/config/settings.py"));
    const model =
      "from django.db import models\n\n\nclass Question(models.Model):\n    text = models.CharField(max_length=200)\n";
    try {
      const started = await manage("startapp", "polls");
      assert.equal(started.exitCode, 0, started.output);
      assert.match(started.output, /^app\/polls\/models\.py is new$/m);
      fs.writeFileSync(checkout.path("app/polls/models.py"), model);
      workspace.edit("app/config/settings.py", (text) =>
        text.replace("INSTALLED_APPS = [", 'INSTALLED_APPS = [\n    "polls",'),
      );
      const made = await manage("makemigrations");
      assert.equal(made.exitCode, 0, made.output);
      assert.match(made.output, /^app\/polls\/migrations\/0001_initial\.py is new$/m);
      assert.match(fs.readFileSync(checkout.path("app/polls/migrations/0001_initial.py"), "utf8"), /name='Question'/);
      const check = await manage("makemigrations", "--check");
      assert.equal(check.exitCode, 0, check.output);
      assert.match(check.output, /No changes detected/);
      const refused = await manage("startapp", "polls");
      assert.notEqual(refused.exitCode, 0);
      assert.equal(fs.readFileSync(checkout.path("app/polls/models.py"), "utf8"), model);
      for (const pod of await stayingPods(workspace, namespace)) {
        assert.doesNotMatch(await kubectl("exec", pod, "--", "ls", "-A", "/tmp"), /^manage-/m);
      }
    } finally {
      fs.rmSync(checkout.path("app/polls"), { recursive: true, force: true });
      fs.writeFileSync(checkout.path("app/config/settings.py"), settings);
    }
  });

  it("hands the shell's DJANGO_ variables to the command, and leaves them nowhere in the pods", async () => {
    const password = `"it's" $HOME \\ ${"é".repeat(3)}`;
    const create = ["createsuperuser", "--noinput", "--username", "grace", "--email", "grace@example.org"];
    const created = await checkout.npmWith({ DJANGO_SUPERUSER_PASSWORD: password }, "manage", "dev", ...create);
    assert.equal(created.exitCode, 0, created.output);
    const check = (text: string): string =>
      `User.objects.get(username='grace').check_password(${JSON.stringify(text)})`;
    assert.equal(await shell(`${user}print(${check(password)}, ${check("another")})`), "True False");
    for (const pod of await stayingPods(workspace, namespace)) {
      assert.doesNotMatch(await kubectl("exec", pod, "--", "ls", "-A", "/tmp"), /^tmp/m);
    }
  });

  it("serves the admin's stylesheet under a name that says what is in it, to be kept for ever", async () => {
    const url = await output("url");
    const page = await (await fetch(new URL("admin/login/", url))).text();
    const [, path = ""] = /href="(\/static\/admin\/css\/base\.[0-9a-f]{12}\.css)"/.exec(page) ?? [];
    const stylesheet = await fetch(new URL(path, url));
    assert.equal(stylesheet.status, 200, page);
    assert.match(stylesheet.headers.get("content-type") ?? "", /^text\/css/);
    assert.match(stylesheet.headers.get("cache-control") ?? "", /max-age=315360000, public, immutable/);
    assert.match(await stylesheet.text(), /--primary/);
  });

  it("is reached by `npm run forward`, also after its pod was replaced", async () => {
    const command = new RunningCommand(checkout.startNpm({}, "forward", "dev", "postgres", "0:5432"));
    await command.until("127.0.0.1:");
    const port = Number(await command.until(" -> database 5432\n"));
    await command.until(`psql postgres://django@127.0.0.1:${port}/django\n`);
    await reachPostgres(port);
    const pod = async (): Promise<string> =>
      await kubectl("get", "pod", "kubernetes-django-database-0", "--output", "jsonpath={.metadata.uid}");
    const before = await pod();
    await kubectl("delete", "pod", "kubernetes-django-database-0");
    await until(
      async () => {
        await reachPostgres(port);
      },
      { seconds: 120, pauseMilliseconds: 500 },
    );
    assert.notEqual(await pod(), before);
    const { exitCode } = await command.interrupt();
    assert.equal(exitCode, 0, command.printed);
    // The nodes learn of the new pod a moment later.
    await answer(names);
  });

  it("keeps its data over an update, the loss of the database's pod and a restart of the node", async () => {
    await shell(`${user}User.objects.create_user('ada')`);
    workspace.edit("app/templates/index.html", (text) => text.replace("</title>", " edited</title>"));
    await checkout.up("dev");
    assert.equal(await shell(names), "['ada']");
    await kubectl("delete", "pod", "--selector", "app=django-database", "--wait=true");
    assert.equal(await answer(names), "['ada']");
    await withoutDaemon(local, "dockerd");
    assert.equal(await answer(names), "['ada']");
    await untilServed(/ edited<\/title>/);
  });

  it("serves on when a migration fails, says what it printed, and runs it again in the next `up`", async () => {
    const before = await output("image");
    // The node may have started one of the two pods alone by now.
    await answer(
      "from django.db import connection; connection.cursor().execute('CREATE TABLE IF NOT EXISTS seats (id int)')",
    );
    fs.mkdirSync(checkout.path("app/config/migrations"));
    fs.writeFileSync(checkout.path("app/config/migrations/__init__.py"), "");
    fs.writeFileSync(
      checkout.path("app/config/migrations/0001_seats.py"),
      'from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    operations = [migrations.RunSQL("CREATE TABLE seats (id int)")]\n',
    );
    workspace.edit("app/config/settings.py", (text) =>
      text.replace("INSTALLED_APPS = [", 'INSTALLED_APPS = [\n    "config",'),
    );
    const failed = await checkout.npm("up", "dev");
    assert.notEqual(failed.exitCode, 0);
    assert.match(
      failed.output,
      /error: Pod kubernetes-django-migrate-[0-9a-f]{12}-\w{5} fails: Error, its command ends with exit code 1:\n(?: {2}\| .*\n)* {2}\| django\.db\.utils\.ProgrammingError: relation "seats" already exists\n(?: {2}\|.*\n)*The version before goes on serving; mend the project in app\/, or what its database says no to, and run `npm run up -- dev` again\.$/,
    );
    const tag = before.split(":").at(-1) ?? "";
    await untilServed(new RegExp(tag));

    const plain = await workspace.pulumi("up", "--yes", "--skip-preview");
    assert.notEqual(plain.exitCode, 0);
    assert.match(plain.output, /relation "seats" already exists/);
    await untilServed(new RegExp(tag));

    await shell("from django.db import connection; connection.cursor().execute('DROP TABLE seats')");
    await checkout.up("dev");
    assert.notEqual(await output("image"), before);
    assert.match((await manage("showmigrations", "config")).output, /\[X\] 0001_seats/);
  });

  it("shows the password nowhere in the state, nor in what an update prints", async () => {
    const secret = await kubectl("get", "secrets", "--output", "jsonpath={.items[*].data.password}");
    const password = Buffer.from(secret, "base64").toString();
    assert.match(password, /^[0-9a-f]{48}$/);
    assert.ok(!(await workspace.pulumiOk("stack", "export")).includes(password));
    assert.ok(!(await workspace.pulumiOk("preview", "--diff")).includes(password));
  });

  it("refuses to be destroyed while its data is protected, by either command", async () => {
    const destroyed = await workspace.pulumi("destroy", "--yes");
    assert.notEqual(destroyed.exitCode, 0);
    assert.match(
      destroyed.output,
      /Preview failed: .*kubernetes-django-database-data" cannot be deleted\s+because it is protected/,
    );
    const down = await checkout.npm("down", "dev");
    assert.notEqual(down.exitCode, 0);
    const message =
      'error: Stack dev keeps data in the volume "kubernetes-django-database" (protectData is true), so nothing was destroyed; to delete it with the data, run `npm run pulumi -- config set protectData false --stack dev`, `npm run up -- dev` and `npm run down -- dev`.\n';
    assert.ok(`${down.output}\n`.includes(message), down.output);
    await untilServed(/ edited<\/title>/);
  });

  it("is destroyed with its data once that is not protected any more", async () => {
    await workspace.pulumiOk("config", "set", "protectData", "false");
    await checkout.up("dev");
    await workspace.pulumiOk("destroy", "--yes", "--skip-preview");
    assert.match(await workspace.kubectl("get", "namespace", namespace), /NotFound/);
    // The provisioner deletes it once its claim is gone.
    const isVolumeGone = async (): Promise<boolean> =>
      !(await workspace.kubectl("get", "persistentvolumes")).includes(` ${namespace}/`);
    await untilTrue(isVolumeGone, { seconds: 120, pauseMilliseconds: 500 });
  });
});
