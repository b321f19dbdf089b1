import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { until } from "../../waiting";
import { Checkout } from "./helpers/checkout";
import { availableBuilder, figure, getTools, skip } from "./helpers/cluster";
import { describeLoad, type LoadResult, underLoad } from "./helpers/load";
import { untilPageShows } from "./helpers/page";
import { readyPods, stayingPods } from "./helpers/pods";
import { Workspace } from "./helpers/workspace";

const namespace = "background";
const stack = "dev";
const updates = 5;
/**
 * A server of its own may end a connection that is kept open at any time. Each task is sent by a request, too: more than
 * these and the builds are too much for a machine of two cores.
 */
const pages = { connections: 50, rate: 15, reconnects: true };
const tasksPerSecond = 20;

/** The tutorial's last chapter, with its worker, beat and Flower. */
const config: Record<string, string | boolean | object> = {
  target: "docker-desktop",
  namespace,
  imageRepository: namespace,
  project: "depot",
  debug: false,
  podSecurity: "baseline",
  database: "postgres",
  redis: "namespace",
  command: "gunicorn --bind 0.0.0.0:8000 --threads 8 --worker-tmp-dir /dev/shm depot.wsgi",
  env: { CELERY_RESULT_BACKEND: "$(REDIS_URL)" },
  processes: {
    worker: {
      command: "celery -A depot worker --loglevel info --pool threads --concurrency 4",
      terminationGraceSeconds: 60,
    },
    beat: { command: "celery -A depot beat --loglevel info --schedule /tmp/beat", singleton: true },
    flower: { command: "celery -A depot flower --port=5555", port: 5555, expose: "NodePort" },
  },
};

describe("a project with a worker, beat and Flower", () => {
  let checkout: Checkout;
  let origin = "";
  let flower = "";

  before(async () => {
    config["builder"] = await availableBuilder();
    checkout = new Checkout(await Workspace.create(await getTools(), stack, config));
    fs.cpSync(path.resolve(__dirname, "../../../test/projects/celery"), checkout.path("depot"), { recursive: true });
    const { workspace } = checkout;
    const key = ["config", "set", "--secret", "secretKey", "k".repeat(60), "--stack", stack];
    assert.equal((await checkout.npm("pulumi", ...key)).exitCode, 0);
    await checkout.up(stack);
    origin = new URL(await workspace.output("url")).origin;
    flower = (JSON.parse(await workspace.output("processUrls")) as { flower: string }).flower;
  });
  after(async () => {
    await checkout.workspace.pulumi("config", "set", "protectData", "false");
    await checkout.npm("up", stack);
    await checkout.npm("down", stack);
    await checkout.clean(namespace);
  });

  const ask = async <T>(where: string): Promise<T> => {
    const response = await fetch(origin + where, {
      headers: { connection: "close" },
      signal: AbortSignal.timeout(30_000),
    });
    assert.equal(response.status, 200, where);
    return (await response.json()) as T;
  };

  let next = 0;
  /** Queues a task, and returns the number that it alone has. */
  const queue = async (): Promise<number> => {
    const number = next++;
    await ask(`/send/${number}/`);
    return number;
  };
  /**
   * Queues tasks until the work is done, and returns those that were taken.
   *
   * @param refused is told of each that was not. @default the test fails
   */
  const queueing = async (work: () => Promise<void>, refused?: () => void): Promise<number[]> => {
    const queued: number[] = [];
    const sending: Promise<void>[] = [];
    const timer = setInterval(() => {
      sending.push(
        queue().then((number) => {
          queued.push(number);
        }, refused),
      );
    }, 1000 / tasksPerSecond);
    await work().finally(() => {
      clearInterval(timer);
    });
    await Promise.all(sending);
    return queued;
  };
  /**
   * Waits until every task of some has run, and says which of them ran more than once. Tasks of a worker that is gone are
   * given to another one up to two minutes later: Celery looks every 100 s for those without a word for 60 s.
   *
   * @param mayBeLost how many may never run. @default 0
   */
  const untilRun = async (queued: number[], mayBeLost = 0): Promise<{ lost: number[]; twice: number[] }> => {
    let runs: Record<string, number> = {};
    const missing = (): number[] => queued.filter((number) => !Object.hasOwn(runs, String(number)));
    try {
      await until(
        async () => {
          runs = await ask<Record<string, number>>("/sent/");
          assert.deepEqual(missing(), [], `some of ${queued.length} tasks did not run`);
        },
        { seconds: 300, pauseMilliseconds: 500 },
      );
    } catch (error) {
      if (missing().length > mayBeLost) {
        throw error;
      }
    }
    return { lost: missing(), twice: queued.filter((number) => (runs[String(number)] ?? 0) > 1) };
  };
  /**
   * Celery takes a task out of Redis before it notes there that it has it. The one that a worker takes when it or Redis
   * ends is lost.
   */
  const takenByOneWorker = 1;

  /** Django learns only from an error that a connection that it keeps has ended. */
  const untilAllWorks = async (): Promise<void> => {
    await until(
      async () => {
        assert.deepEqual(await ask("/checks/"), { database: true, cache: true, task: true, beat: true });
      },
      { seconds: 120 },
    );
  };

  it("has its page, its tasks and its monitor", async () => {
    await untilAllWorks();
    await untilPageShows(flower, /Flower/);
  });

  it(`loses no request and no task in ${updates} code changes, and runs none twice`, async function () {
    if (process.env["TEST_LOAD"] !== "1") {
      skip(this, "five rollouts of five processes under load take a machine of their own: TEST_LOAD=1 runs it");
    }
    const results: LoadResult[] = [];
    const queued = await queueing(async () => {
      for (let round = 1; round <= updates; round++) {
        const heading = `Depot, round ${round}`;
        checkout.workspace.edit("depot/parcels/templates/parcels/index.html", (text) =>
          text.replace(/<h1>.*<\/h1>/, `<h1>${heading}</h1>`),
        );
        results.push(
          await underLoad(`${origin}/`, pages, async () => {
            await checkout.up(stack);
            // Those that are told to end serve on for a while.
            await sleep(8000);
          }),
        );
        await untilPageShows(`${origin}/`, new RegExp(heading));
      }
    });
    const lost = results.reduce((sum, { failed }) => sum + failed, 0);
    assert.equal(lost, 0, results.map(describeLoad).join("; "));
    assert.deepEqual(await untilRun(queued), { lost: [], twice: [] });
    const answered = results.reduce((sum, each) => sum + each.answered, 0);
    figure(this, `${answered} requests answered, 0 lost; ${queued.length} tasks run, 0 lost, 0 run twice`);
  });

  it("loses no task that tries again when Postgres is started again among them", async function () {
    const { workspace } = checkout;
    const queued = await queueing(async () => {
      await sleep(2000);
      await workspace.kubectl("--namespace", namespace, "delete", "pod", "kubernetes-django-database-0");
      await sleep(2000);
    });
    const { twice } = await untilRun(queued);
    // Of four at once, those that wrote and did not hear of it.
    assert.ok(twice.length <= 4, `${twice.length} tasks ran twice`);
    await untilAllWorks();
    figure(this, `${queued.length} tasks run, 0 lost, ${twice.length} run twice`);
  });

  it("runs the tasks again whose worker was killed, but for the one that it was taking", async function () {
    const { workspace } = checkout;
    const queued = await queueing(async () => {
      await sleep(2000);
      const [pod = ""] = await stayingPods(workspace, namespace, "process=worker");
      await workspace.kubectl("--namespace", namespace, "delete", "pod", pod, "--grace-period=0", "--force");
      await sleep(3000);
    });
    const { lost, twice } = await untilRun(queued, takenByOneWorker);
    // A worker has four at once, and has reserved as many.
    assert.ok(twice.length <= 8, `${twice.length} tasks ran twice`);
    figure(this, `${queued.length} tasks run, ${lost.length} lost, ${twice.length} run twice`);
  });

  const scaleWorker = async (replicas: number): Promise<void> => {
    const { workspace } = checkout;
    const worker = ["--namespace", namespace, "--selector", "process=worker"];
    const scale = ["scale", "deployment/kubernetes-django-worker", "--replicas", String(replicas)];
    await workspace.kubectl("--namespace", namespace, ...scale);
    await until(
      async () => {
        const phases = await workspace.kubectl(
          "get",
          "pods",
          ...worker,
          "--output",
          "jsonpath={.items[*].status.phase}",
        );
        assert.equal(phases, Array<string>(replicas).fill("Running").join(" "));
      },
      // One that ends has 60 s for what it has begun.
      { seconds: 180, pauseMilliseconds: 500 },
    );
  };
  /** Web reaches a Redis that is new once the node knows where it is. */
  const untilQueued = async (): Promise<void> => {
    await until(async () => await queue(), { seconds: 120, pauseMilliseconds: 500 });
  };
  const restartRedis = async (): Promise<void> => {
    const { workspace } = checkout;
    await workspace.kubectl("--namespace", namespace, "delete", "pod", "kubernetes-django-redis-0");
    // The StatefulSet makes the new pod a moment after the old one is gone.
    await until(
      async () => {
        assert.equal((await readyPods(workspace, namespace, "app=django-redis")).length, 1);
      },
      { seconds: 120, pauseMilliseconds: 500 },
    );
    await untilQueued();
  };
  const several = async (): Promise<number[]> => {
    const queued: number[] = [];
    for (let count = 0; count < 20; count++) {
      queued.push(await queue());
    }
    return queued;
  };
  /** Starts Redis again while tasks wait for a worker, and returns these once those after it have run. */
  const waitingOverRestart = async (): Promise<number[]> => {
    await scaleWorker(0);
    const waiting = await several();
    await restartRedis();
    await scaleWorker(1);
    assert.deepEqual(await untilRun(await several()), { lost: [], twice: [] });
    return waiting;
  };

  it("loses the tasks that wait in a Redis without a volume when it is started again, and goes on", async () => {
    const waiting = await waitingOverRestart();
    const runs = await ask<Record<string, number>>("/sent/");
    assert.deepEqual(
      waiting.filter((number) => Object.hasOwn(runs, String(number))),
      [],
    );
    await untilAllWorks();
  });

  it("loses no task that waits in a Redis with a volume when it is started again", async () => {
    await checkout.workspace.pulumiOk("config", "set", "redisStorage", "1Gi");
    await checkout.up(stack);
    await untilQueued();
    assert.deepEqual(await untilRun(await waitingOverRestart()), { lost: [], twice: [] });
  });

  it("loses no task that a Redis with a volume took when it is started again among them, but for the one that a worker was taking", async function () {
    let refused = 0;
    const queued = await queueing(
      async () => {
        await sleep(2000);
        await restartRedis();
        await sleep(2000);
      },
      () => refused++,
    );
    const { lost, twice } = await untilRun(queued, takenByOneWorker);
    // What the worker had when the connection broke: four at once, and eight more for each of them.
    assert.ok(twice.length <= 36, `${twice.length} tasks ran twice`);
    figure(this, `${queued.length} tasks taken, ${refused} refused, ${lost.length} lost, ${twice.length} run twice`);
  });
});
