import assert from "node:assert/strict";

import { writeTree } from "../../../test/unit/helpers/folders";
import { Checkout } from "./helpers/checkout";
import { untilTrue } from "../../waiting";
import { availableBuilder, getTools } from "./helpers/cluster";
import { untilPageShows } from "./helpers/page";
import { Workspace } from "./helpers/workspace";

const namespace = "processes";
const stack = "dev";

const dockerfile = `FROM python:3.13-slim
WORKDIR /srv
COPY . .
USER 10001
CMD ["python", "serve.py"]
`;
/** A page that says what it is of, on the port that it is given. */
const serve = `import http.server, os, sys
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"{sys.argv[1:]} {os.environ['GREETING']} {open('version').read()}".encode())
http.server.test(Page, port=int(os.environ["PORT"]))
`;
/** Says when it starts, and takes a while to end. */
const work = `import os, signal, sys, time
def end(*_):
    print("ends", flush=True)
    time.sleep(6)
    sys.exit()
signal.signal(signal.SIGTERM, end)
print("starts with", os.environ["GREETING"], os.environ.get("SECRET"), flush=True)
while True:
    time.sleep(0.1)
`;

interface Pod {
  metadata: { name: string; labels: Record<string, string>; creationTimestamp: string; deletionTimestamp?: string };
  spec: { containers: { name: string; image: string }[] };
  status: { phase: string };
}

describe("processes beside the web process", () => {
  let checkout: Checkout;
  const processes: Record<string, Record<string, string | number | boolean>> = {
    worker: { command: "python work.py", replicas: 2, terminationGraceSeconds: 20, memoryLimit: "64Mi" },
    beat: { command: "python work.py", singleton: true },
    flower: {
      command: "python serve.py flower",
      port: 5555,
      expose: "NodePort",
      healthPath: "/",
      terminationGraceSeconds: 1,
    },
  };
  const schedules = {
    nightly: { schedule: "@yearly", command: "python -c 'print(1)'", timeZone: "Europe/Berlin" },
  };
  const config: Record<string, string | boolean | object> = {
    target: "docker-desktop",
    debug: true,
    namespace,
    imageRepository: namespace,
    project: "jobs",
    env: { GREETING: "hello" },
    processes,
    schedules,
  };

  before(async () => {
    config["builder"] = await availableBuilder();
    checkout = new Checkout(await Workspace.create(await getTools(), stack, config));
    const secret = ["config", "set", "--secret", "--path", "secretEnv.SECRET", "hidden", "--stack", stack];
    assert.equal((await checkout.npm("pulumi", ...secret)).exitCode, 0);
    writeTree(checkout.path("jobs"), { Dockerfile: dockerfile, "serve.py": serve, "work.py": work, version: "one" });
  });
  after(async () => {
    await checkout.npm("down", stack);
    await checkout.clean(namespace);
  });

  const kubectl = async (...args: string[]): Promise<string> =>
    (await checkout.workspace.run("kubectl", ["--namespace", namespace, ...args])).output;
  const pods = async (): Promise<Pod[]> =>
    (JSON.parse(await kubectl("get", "pods", "--output", "json")) as { items: Pod[] }).items;
  const outputs = async (): Promise<{ image: string; processUrls: Record<string, string>; url: string }> => {
    const { output } = await checkout.workspace.run("pulumi", ["stack", "output", "--stack", stack, "--json"]);
    return JSON.parse(output) as Awaited<ReturnType<typeof outputs>>;
  };
  const ofProcess = (all: Pod[], process: string): Pod[] =>
    all.filter(({ metadata }) => metadata.labels["process"] === process);

  it("run from the same image, with the same variables", async () => {
    await checkout.up(stack);
    const { image } = await outputs();
    const all = await pods();
    const counts = Object.keys(processes).map((process) => ofProcess(all, process).length);
    assert.deepEqual(counts, [2, 1, 1]);
    assert.deepEqual(new Set(all.flatMap(({ spec }) => spec.containers.map((each) => each.image))), new Set([image]));
    const [worker] = ofProcess(all, "worker");
    const log = async (): Promise<string> => await kubectl("logs", worker?.metadata.name ?? "");
    // Nothing asks a worker whether it has begun.
    await untilTrue(async () => (await log()) !== "", { seconds: 120 });
    assert.equal(await log(), "starts with hello hidden");
  });

  it("are reached at their ports, each where the stack says", async () => {
    const { url, processUrls } = await outputs();
    assert.deepEqual(Object.keys(processUrls), ["flower"]);
    await untilPageShows(url, /^\[\] hello one$/m);
    await untilPageShows(processUrls["flower"] ?? "", /^\['flower'\] hello one$/m);
  });

  it("are not touched by an update without a change", async () => {
    const before = (await pods()).map(({ metadata }) => metadata.name).sort();
    await checkout.up(stack);
    assert.deepEqual((await pods()).map(({ metadata }) => metadata.name).sort(), before);
  });

  it("change with the web process, and of a singleton there are never two", async () => {
    writeTree(checkout.path("jobs"), { version: "two" });
    const most = { worker: 0, beat: 0 };
    const updated = new AbortController();
    const watching = (async () => {
      while (!updated.signal.aborted) {
        const all = (await pods()).filter(({ status }) => status.phase === "Running");
        most.worker = Math.max(most.worker, ofProcess(all, "worker").length);
        most.beat = Math.max(most.beat, ofProcess(all, "beat").length);
      }
    })();
    await checkout.up(stack).finally(() => {
      updated.abort();
    });
    await watching;
    assert.equal(most.beat, 1);
    assert.ok(most.worker > 2, "no new worker ran beside the old ones, so that this saw no rollout");
    const { image, processUrls } = await outputs();
    await untilPageShows(processUrls["flower"] ?? "", /^\['flower'\] hello two$/m);
    const staying = (await pods()).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    const now = ofProcess(staying, "beat").map(({ spec }) => spec.containers[0]?.image);
    assert.deepEqual(now, [image]);
  });

  it("begin no run of a schedule before its time", async () => {
    const { items } = JSON.parse(await kubectl("get", "cronjobs,jobs", "--output", "json")) as {
      items: { kind: string; metadata: { name: string } }[];
    };
    assert.deepEqual(
      items.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
      ["CronJob kubernetes-django-nightly"],
    );
  });

  it("go when the stack no longer has them", async () => {
    checkout.configure(stack, {
      ...config,
      env: { GREETING: "hello" },
      processes: { beat: processes["beat"] },
      schedules: {},
    });
    const { exitCode, output } = await checkout.npm("up", stack);
    assert.equal(exitCode, 0, output);
    const left = await kubectl("get", "deployments,cronjobs,services", "--output", "name");
    assert.deepEqual(left.trim().split("\n"), [
      "deployment.apps/kubernetes-django",
      "deployment.apps/kubernetes-django-beat",
      "service/kubernetes-django-service",
    ]);
  });
});
