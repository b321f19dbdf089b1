import assert from "node:assert/strict";
import fs from "node:fs";

import { RolloutWatch } from "../../../rollout/watchRollouts";
import type { EngineEvent } from "../../../pulumi/engineEvents";
import { project } from "../../../stack/stackConfig";
import { temporaryFolder } from "../../../../test/unit/helpers/folders";
import { localServers } from "../../../../test/unit/helpers/servers";
import { until } from "../../../../test/unit/helpers/until";

const providerUrn = "urn:pulumi:dev::shop::pulumi:providers:kubernetes::kubernetes";
const urnIn = (namespace: string): string => `urn:pulumi:dev::shop::kubernetes:apps/v1:Deployment::${namespace}`;

/** Each pod is another. */
let count = 0;

const crashing = { waiting: { reason: "CrashLoopBackOff" } };
const terminated = { terminated: { exitCode: 1, message: "SyntaxError: invalid syntax" } };
const podOf = (
  name: string,
  ageSeconds: number,
  container: object,
  hash = "other",
): { metadata: object; status: object } => ({
  metadata: {
    name,
    uid: `${name}-${++count}`,
    labels: { app: "django-container", "pod-template-hash": hash },
    creationTimestamp: new Date(Date.now() - ageSeconds * 1000).toISOString(),
  },
  status: { phase: "Running", containerStatuses: [{ name: "django-web", image: "shop:abc", ...container }] },
});

/** A Deployment of one pod in its second generation. */
const rollout = (observedGeneration: number, replicas: number, updatedReplicas: number, reason = "Any"): object => ({
  metadata: { generation: 2 },
  spec: { replicas: 1 },
  status: {
    observedGeneration,
    replicas,
    updatedReplicas,
    availableReplicas: 1,
    conditions: [{ type: "Progressing", reason }],
  },
});

describe("The watch of a rollout", () => {
  const { serve } = localServers();
  const folder = temporaryFolder();

  let pods: object[];
  let deployments: object[];
  /** What the API server says of the Deployment, one after the other; the last again and again. */
  let rollouts: object[];
  let asked: string[];
  let status: number;
  let failures: number;
  /** What the watch says while it waits. */
  let said: string[];
  let sets: object[];
  let events: object[];
  let watch: RolloutWatch;

  beforeEach(async () => {
    [pods, asked, status, failures] = [[], [], 200, 0];
    [said, sets, events] = [[], [], []];
    deployments = [{ status: { availableReplicas: 1 } }];
    rollouts = [rollout(2, 1, 1)];
    const port = await serve((request, response) => {
      const url = decodeURIComponent(request.url ?? "").replaceAll("+", " ");
      asked.push(url);
      const lists = { "/events?": events, "/deployments?": deployments, "/replicasets": sets };
      const [, items = pods] = Object.entries(lists).find(([part]) => url.includes(part)) ?? [];
      const isRollout = url.endsWith("/deployments/web");
      const [next = {}] = isRollout && rollouts.length > 1 ? rollouts.splice(0, 1) : rollouts;
      const answer = url.includes("/log?") ? "last line" : isRollout ? next : { items };
      response.writeHead(status).end(typeof answer === "string" ? answer : JSON.stringify(answer));
    });
    const kubeconfig = {
      clusters: [{ name: "c", cluster: { server: `http://127.0.0.1:${port}` } }],
      users: [],
      contexts: [{ name: "docker-desktop", context: { cluster: "c", user: "u" } }],
    };
    fs.writeFileSync(folder.path("kubeconfig"), JSON.stringify(kubeconfig));
    watch = new RolloutWatch({ KUBECONFIG: folder.path("kubeconfig") }, () => failures++, {
      appIn: (namespace) => {
        const [app, folder] = namespace === "other" ? ["blog", "../blog"] : [project, "../shop"];
        return { app, folder, rolloutSeconds: 30, fewerReplicas: 1 };
      },
      retry: "run `npm run up` again",
      askImage: () => Promise.resolve(undefined),
      say: (line) => said.push(line),
      pollMilliseconds: 1,
    });
  });
  afterEach(async () => {
    await watch.stop("well");
  });

  const begin = (op: string, type = "kubernetes:apps/v1:Deployment", namespace = "shop"): void => {
    const provider = { op: "same", urn: providerUrn, type: "pulumi:providers:kubernetes" };
    const events: EngineEvent[] = [
      { resourcePreEvent: { metadata: { ...provider, new: { inputs: { context: "docker-desktop" } } } } },
      {
        resourcePreEvent: {
          metadata: {
            op,
            urn: urnIn(namespace),
            type,
            provider: `${providerUrn}::id-1`,
            new: {
              inputs: {
                metadata: { name: "web", namespace },
                spec: { template: { metadata: { labels: { app: "django-container" } } } },
              },
            },
          },
        },
      },
    ];
    events.forEach(watch.onEvent);
  };
  const end = (): void => {
    const metadata = { op: "update", urn: urnIn("shop"), type: "kubernetes:apps/v1:Deployment" };
    watch.onEvent({ resOutputsEvent: { metadata } });
  };
  const untilFailure = async (): Promise<void> => {
    await until("the update is ended", () => failures > 0);
  };
  const askedOf = (namespace: string): number => asked.filter((url) => url.includes(`/${namespace}/`)).length;
  const untilAsked = async (times: number, namespace = "shop"): Promise<void> => {
    await until(`the cluster was asked ${times} times`, () => askedOf(namespace) >= times);
  };
  /** Has two whole looks taken at what is watched. */
  const lookTwice = async (): Promise<void> => {
    begin("update", undefined, "other");
    await untilAsked(2, "other");
  };

  it("says of another process whether it goes on, and not whether the page is served", async () => {
    const worker = podOf("worker-2", 0, { state: crashing, lastState: terminated });
    pods = [{ ...worker, metadata: { ...worker.metadata, labels: { app: "django-process", process: "worker" } } }];
    begin("update");
    await untilFailure();
    assert.match(
      (await watch.stop("failed"))?.message ?? "",
      /^Process worker \(pod worker-2\) does not become ready: [^]*\nProcess worker goes on in the version before; mend/,
    );
    assert.ok(
      asked.some((url) => url.endsWith("/deployments/web")),
      "its own Deployment was not asked",
    );
  });

  it("ends the update once a new pod crashes, and explains it", async () => {
    pods = [podOf("web-2", 0, { state: crashing, lastState: terminated })];
    begin("update");
    await untilFailure();
    assert.equal(
      (await watch.stop("failed"))?.message,
      "Pod web-2 does not become ready: CrashLoopBackOff, the container ends with exit code 1:\n  | SyntaxError: invalid syntax\nThe version before goes on serving; mend the project in ../shop/ and run `npm run up` again.",
    );
    assert.equal(failures, 1);
    assert.ok(asked.includes("/api/v1/namespaces/shop/pods?labelSelector=app=django-container"), asked.join("\n"));
    assert.deepEqual(said, []);
  });

  it("names another app of the stack, by the namespace that it has", async () => {
    pods = [podOf("web-2", 0, { state: crashing, lastState: terminated })];
    begin("update", undefined, "other");
    await untilFailure();
    const problem = await watch.stop("failed");
    assert.match(problem?.failed ?? "", /^App "blog": Pod web-2 does not become ready: CrashLoopBackOff/);
    assert.match(problem?.help ?? "", /mend the project in \.\.\/blog\/ and run/);
  });

  it("ends the update once a migration failed, with what it printed", async () => {
    const failed = podOf("migrate-1", 0, {
      state: { terminated: { reason: "Error", exitCode: 1, message: "no such table" } },
    });
    pods = [{ ...failed, spec: { restartPolicy: "Never", containers: [] } }];
    begin("create-replacement", "kubernetes:batch/v1:Job");
    await untilFailure();
    assert.equal(
      (await watch.stop("failed"))?.message,
      "Pod migrate-1 fails: Error, its command ends with exit code 1:\n  | no such table\nThe version before goes on serving; mend the project in ../shop/, or what its database says no to, and run `npm run up` again.",
    );
  });

  it("lets a migration run that has not failed", async () => {
    const ended = podOf("migrate-1", 0, { state: { terminated: { reason: "Completed", exitCode: 0 } } });
    pods = [{ ...ended, spec: { restartPolicy: "Never", containers: [] } }];
    begin("create", "kubernetes:batch/v1:Job");
    await untilAsked(4);
    assert.equal(failures, 0);
    assert.equal(await watch.stop("well"), undefined);
  });

  it("waits for a crash that may pass, and says so once", async () => {
    const lastState = { terminated: { exitCode: 1, message: "OperationalError: connection refused" } };
    pods = [podOf("web-2", 0, { state: crashing, lastState })];
    begin("update");
    await untilAsked(12);
    assert.equal(failures, 0);
    assert.deepEqual(said, [
      "Pod web-2: CrashLoopBackOff, the container ends with exit code 1; the rollout goes on for up to 30 s",
    ]);
    assert.match((await watch.stop("failed"))?.message ?? "", /^Pod web-2 does not become ready: CrashLoopBackOff/);
  });

  it("tells the crash of a pod at once that it has told before", async () => {
    const lastState = { terminated: { exitCode: 3, message: "Nothing to serve." } };
    pods = [podOf("web-2", 0, { state: crashing, lastState })];
    begin("update");
    await untilAsked(3);
    assert.notEqual(await watch.stop("failed"), undefined);
    begin("update");
    await untilFailure();
    assert.match((await watch.stop("failed"))?.message ?? "", /Nothing to serve/);
  });

  it("tells at once how a pod crashes that an earlier update made from the same template", async () => {
    sets = [
      {
        metadata: { ownerReferences: [{ name: "web" }], labels: { "pod-template-hash": "same" } },
        spec: { template: { metadata: { labels: { app: "django-container" } } } },
      },
    ];
    pods = [podOf("web-2", 60, { state: crashing, lastState: terminated }, "same")];
    begin("update");
    await untilFailure();
    assert.match((await watch.stop("failed"))?.message ?? "", /SyntaxError/);
  });

  it("passes on what lets no pod be made, once that has lasted", async () => {
    const message = 'pods "web-" is forbidden: exceeded quota: small, requested: pods=1, used: pods=1, limited: pods=1';
    const condition = { type: "ReplicaFailure", status: "True", reason: "FailedCreate", message };
    const failing = rollout(2, 1, 0) as { status: { conditions: object[] } };
    failing.status.conditions.push(condition);
    rollouts = [failing];
    begin("update");
    await untilAsked(6);
    assert.equal(failures, 0);
    assert.equal(
      (await watch.stop("failed"))?.message,
      `Deployment web gets no pod: FailedCreate, ${message}; the version before goes on serving; lower \`replicas\`, such as with \`pulumi config set replicas 1\`, or raise the quota with \`kubectl --namespace shop edit resourcequota small\`, and run \`npm run up\` again.`,
    );
  });

  it("passes on what lets no pod be made for a migration", async () => {
    const message =
      'Error creating: pods "m-" is forbidden: maximum memory usage per Container is 256Mi, but limit is 512Mi';
    events = [{ reason: "FailedCreate", message, lastTimestamp: new Date().toISOString() }];
    begin("create", "kubernetes:batch/v1:Job");
    await untilAsked(3);
    assert.match(
      (await watch.stop("failed"))?.message ?? "",
      /^Job web gets no pod: FailedCreate, pods "m-" is forbidden/,
    );
  });

  it("says nothing of pods when the user interrupted the update", async () => {
    pods = [podOf("web-2", 0, { state: { running: {} } })];
    begin("update");
    await untilAsked(3);
    assert.equal(await watch.stop("interrupted"), undefined);
  });

  it("fetches the log of a container whose status holds none", async () => {
    pods = [podOf("web-2", 0, { state: { waiting: { reason: "InvalidImageName" } } })];
    deployments = [{ status: {} }];
    begin("create");
    await untilFailure();
    assert.match((await watch.stop("failed"))?.message ?? "", /\n {2}\| last line\nNothing is served yet; /);
  });

  it("passes over pods of a version before, however ill, and those on their way out", async () => {
    const leaving = podOf("web-0", 0, { state: crashing }) as { metadata: { deletionTimestamp?: string } };
    leaving.metadata.deletionTimestamp = new Date().toISOString();
    pods = [podOf("web-1", 60, { state: crashing }), leaving];
    begin("update");
    await untilAsked(5);
    assert.equal(failures, 0);
    assert.equal(await watch.stop("failed"), undefined);
  });

  it("looks at nothing when the Deployment stays as it is", async () => {
    begin("same");
    await lookTwice();
    assert.equal(askedOf("shop"), 0);
  });

  it("looks no more once the Deployment is done", async () => {
    begin("update");
    await untilAsked(3);
    end();
    // One look may have begun before.
    await lookTwice();
    const before = askedOf("shop");
    await untilAsked(askedOf("other") + 2, "other");
    assert.equal(askedOf("shop"), before);
    assert.equal(await watch.stop("failed"), undefined);
  });

  it("says what kept a pod from getting ready when the engine's time was up", async () => {
    pods = [podOf("web-2", 0, { state: { running: {} } })];
    begin("update");
    await untilAsked(3);
    assert.equal(failures, 0);
    assert.match((await watch.stop("failed"))?.message ?? "", /^Pod web-2 does not become ready: NotReady:\n/);
  });

  it("waits for the new pods of a Deployment that the engine takes for done too soon", async () => {
    begin("update");
    end();
    rollouts = [rollout(1, 1, 1), rollout(2, 2, 1), rollout(2, 2, 2), rollout(2, 1, 1)];
    assert.equal(await watch.stop("well"), undefined);
    assert.equal(rollouts.length, 1);
  });

  it("says why those do not become ready", async () => {
    pods = [podOf("web-2", 0, { state: crashing, lastState: terminated })];
    rollouts = [rollout(2, 2, 1)];
    begin("update");
    end();
    assert.match((await watch.stop("well"))?.message ?? "", /^Pod web-2 does not become ready: CrashLoopBackOff/);
  });

  it("says what kept them from it when the Deployment's own time is up", async () => {
    pods = [podOf("web-2", 0, { state: { running: {} } })];
    rollouts = [rollout(2, 2, 1), rollout(2, 2, 1, "ProgressDeadlineExceeded")];
    begin("update");
    end();
    assert.match((await watch.stop("well"))?.message ?? "", /^Pod web-2 does not become ready: NotReady:/);
  });

  it("leaves a cluster that will not answer it to the engine", async () => {
    status = 403;
    begin("update");
    await untilAsked(4);
    assert.equal(failures, 0);
    assert.equal(await watch.stop("failed"), undefined);
  });
});
