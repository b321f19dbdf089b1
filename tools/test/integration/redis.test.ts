import assert from "node:assert/strict";

import { redisImage } from "../../../components/app/redisImage";
import { ensureImage } from "../../sandbox/images/ensureImage";
import { local } from "../../sandbox/cluster/kinds";
import { until } from "../../waiting";
import { Checkout } from "./helpers/checkout";
import { availableBuilder, getTools, needPlugin } from "./helpers/cluster";
import { stayingPods } from "./helpers/pods";
import { Workspace } from "./helpers/workspace";

const namespace = "redis";

/** Sends a server of the app's variables commands, and prints a line for each answer. */
const client = `
import os, socket, sys
connection = socket.create_connection((os.environ["REDIS_HOST"], int(os.environ["REDIS_PORT"])), 5)
answers = connection.makefile("r", newline="\\r\\n")
for command in sys.argv[1:]:
    connection.sendall((os.path.expandvars(command) + "\\r\\n").encode())
    answer = answers.readline().strip()
    print(answers.readline().strip() if answer[0] == "$" and answer != "$-1" else answer)
`;
const signIn = "AUTH $REDIS_PASSWORD";

describe("a stack with a Redis in its namespace", () => {
  let checkout: Checkout;
  let workspace: Workspace;

  before(async function () {
    this.timeout(600_000);
    const builder = await availableBuilder();
    await needPlugin(this, builder);
    await ensureImage(local, redisImage);
    const config = { target: "docker-desktop", builder, namespace, imageRepository: namespace, debug: true };
    workspace = await Workspace.create(await getTools(), "dev", { ...config, redis: "namespace" });
    checkout = new Checkout(workspace);
    await checkout.up("dev");
  });
  after(async () => {
    const stack = workspace as Workspace | undefined;
    await stack?.pulumi("state", "unprotect", "--all", "--yes");
    await stack?.dispose();
  });

  const kubectl = async (...args: string[]): Promise<string> =>
    (await workspace.kubectl("--namespace", namespace, ...args)).trim();
  const python = async (code: string, ...args: string[]): Promise<string> =>
    await kubectl("exec", "deployment/kubernetes-django", "--", "python", "-c", code, ...args);
  /** The server's answers to commands of the app's process. */
  const ask = async (...commands: string[]): Promise<string[]> => (await python(client, ...commands)).split("\n");
  /** The nodes learn of a new pod after its StatefulSet does, and of an old one's end in their own time. */
  const untilAnswered = async (commands: string[], answers: string[]): Promise<void> => {
    await until(
      async () => {
        assert.deepEqual(await ask(...commands), answers);
      },
      { seconds: 120, pauseMilliseconds: 500 },
    );
  };
  const variable = async (name: string): Promise<string> =>
    await python(`import os; print(os.environ.get(${JSON.stringify(name)}))`);
  const restart = async (): Promise<void> => {
    // Where nothing is saved, this is when the server started.
    const started = async (): Promise<string | undefined> => (await ask(signIn, "LASTSAVE"))[1];
    const before = await started();
    await kubectl("delete", "pod", "kubernetes-django-redis-0", "--force", "--grace-period=0");
    await until(
      async () => {
        const now = await started();
        assert.ok(now?.startsWith(":") === true && now !== before, now);
      },
      { seconds: 120 },
    );
  };
  const set = async (...args: string[]): Promise<string> => await workspace.pulumiOk("config", "set", ...args);
  const refused = async (script: string): Promise<string> => {
    const { exitCode, output } = await checkout.npm(script, "dev");
    assert.notEqual(exitCode, 0, output);
    return /^ *(error: (?:Config|Stack) .*)$/m.exec(output)?.[1] ?? output;
  };

  it("lets the app's process in by what it is given", async () => {
    await untilAnswered([signIn, "SET shop open", "GET shop"], ["+OK", "+OK", "open"]);
    const [url, host, port, password] = await Promise.all(
      ["REDIS_URL", "REDIS_HOST", "REDIS_PORT", "REDIS_PASSWORD"].map(variable),
    );
    assert.equal(url, `redis://:${password ?? ""}@${host ?? ""}:${port ?? ""}/0`);
    assert.equal(await variable("CELERY_BROKER_URL"), url);
  });

  it("lets nobody in without the password, which no state and no preview shows", async () => {
    assert.deepEqual(await ask("GET shop", "AUTH another"), [
      "-NOAUTH Authentication required.",
      "-WRONGPASS invalid username-password pair or user is disabled.",
    ]);
    const password = await variable("REDIS_PASSWORD");
    assert.match(password, /^[0-9a-f]{48}$/);
    assert.ok(!(await workspace.pulumiOk("stack", "export")).includes(password));
    assert.ok(!(await workspace.pulumiOk("preview", "--diff")).includes(password));
  });

  it("refuses a write when its memory is full, and goes on", async () => {
    const [, , full] = await ask(signIn, "SETRANGE big 70000000 x", "SET shop closed");
    assert.equal(full, "-OOM command not allowed when used memory > 'maxmemory'.");
    assert.deepEqual(await ask(signIn, "GET shop", "DEL big"), ["+OK", "open", ":1"]);
    await until(
      async () => {
        assert.match(await kubectl("get", "pod", "kubernetes-django-redis-0"), /1\/1 +Running +0 /);
      },
      { seconds: 120, pauseMilliseconds: 500 },
    );
  });

  it("begins empty after a restart", async () => {
    await restart();
    await untilAnswered([signIn, "GET shop"], ["+OK", "$-1"]);
  });

  it("keeps what was written over a restart, once it has a volume", async () => {
    const password = await variable("REDIS_PASSWORD");
    await set("redisStorage", "1Gi");
    await checkout.up("dev");
    await untilAnswered([signIn, "SET shop kept"], ["+OK", "+OK"]);
    // The log is written to disk once a second.
    await until(
      async () => {
        const { 1: state } = await ask(signIn, "WAITAOF 1 0 2000");
        assert.equal(state, "*2");
      },
      { seconds: 120 },
    );
    await restart();
    await untilAnswered([signIn, "GET shop"], ["+OK", "kept"]);
    assert.equal(await variable("REDIS_PASSWORD"), password);
  });

  it("keeps protected data from every way of losing it", async () => {
    const kept =
      'and stack dev keeps data in the volume "kubernetes-django-redis" of namespace "redis" (protectData is true), which would be deleted; run `npm run pulumi -- config set';
    /** Without the pods of the version before, which may be ending still. */
    const everything = async (): Promise<string[]> => {
      const objects = (await kubectl("get", "all,persistentvolumeclaims", "--output", "name")).split("\n");
      const pods = await stayingPods(workspace, namespace, "");
      return [...objects.filter((name) => !name.startsWith("pod/")), ...pods];
    };
    const before = await everything();
    await workspace.pulumiOk("config", "rm", "redisStorage");
    assert.ok(
      (await refused("up")).startsWith(`error: Config key "redisStorage" is not set, ${kept} redisStorage 1Gi`),
    );
    await set("redisStorage", "1Gi");
    await set("redis", "none");
    assert.ok((await refused("up")).startsWith(`error: Config key "redis" is "none", ${kept} redis namespace`));
    await set("redis", "namespace");
    assert.match(await refused("down"), /keeps data in the volume "kubernetes-django-redis" \(protectData is true\)/);
    assert.deepEqual(await everything(), before);
  });

  it("is refused in a sentence for what is no URL, and for one in plain text, and changes nothing", async () => {
    await set("redis", "redis://:pa55word@redis.test/0");
    assert.match(await refused("up"), /^error: Config key "redis" is in plain text, which everybody can read/);
    await set("--secret", "redis", "redis.test:6379");
    const line = await refused("up");
    assert.match(line, /^error: Config key "redis" is encrypted, and not the URL of a Redis: allowed is redis:\/\//);
    assert.doesNotMatch(line, /redis\.test/);
    assert.deepEqual(await ask(signIn, "GET shop"), ["+OK", "kept"]);
  });

  it("gives way to a server that exists, and to none", async () => {
    await set("redis", "namespace");
    await set("protectData", "false");
    await checkout.up("dev");
    await set("--secret", "redis", "redis://:pa55word@redis.test:6380/1");
    await checkout.up("dev");
    assert.deepEqual(await Promise.all(["REDIS_HOST", "REDIS_PORT"].map(variable)), ["redis.test", "6380"]);
    const left = await kubectl("get", "statefulsets,persistentvolumeclaims,networkpolicies", "--output", "name");
    assert.doesNotMatch(left, /redis/);
    await set("redis", "none");
    await checkout.up("dev");
    assert.equal(await variable("REDIS_URL"), "None");
  });
});
