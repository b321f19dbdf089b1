import assert from "node:assert/strict";

import { diagnose, diagnoseLate } from "../../../rollout/diagnose";
import { describeWait, type Diagnosis, explain } from "../../../rollout/diagnosis";
import type { ContainerStatus, Pod, PodEvent } from "../../../rollout/kubernetes";

const pod = (container: Partial<ContainerStatus>, conditions: Pod["status"]["conditions"] = []): Pod => ({
  metadata: { name: "web-1", namespace: "shop", uid: "1", creationTimestamp: "2026-01-01T00:00:00Z" },
  spec: {
    containers: [
      {
        name: "django-web",
        image: "shop:abc",
        imagePullPolicy: "IfNotPresent",
        resources: { requests: { memory: "128Mi" }, limits: { memory: "768Mi" } },
      },
    ],
  },
  status: {
    phase: "Running",
    conditions,
    containerStatuses: [
      { name: "django-web", ready: false, restartCount: 0, image: "shop:abc", imageID: "", ...container },
    ],
  },
});

const traceback =
  'Traceback (most recent call last):\n  File "/app/config/settings.py", line 3\nSyntaxError: invalid\n';
const crash = (message: string, exitCode = 1): Partial<ContainerStatus> => ({
  restartCount: 1,
  state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 10s restarting failed container" } },
  lastState: { terminated: { exitCode, reason: "Error", message } },
});
const event = (reason: string, message: string, type = "Warning"): PodEvent => ({
  reason,
  message,
  type,
  lastTimestamp: null,
});

describe("The diagnosis of a pod", () => {
  it("is none while it starts, or once it is ready", () => {
    assert.equal(diagnose(pod({ state: { waiting: { reason: "ContainerCreating" } } })), undefined);
    assert.equal(diagnose(pod({ state: { running: {} } })), undefined);
    assert.equal(diagnose(pod({ ready: true, state: { running: {} } })), undefined);
  });

  it("waits for a second try of a container that ended once", () => {
    assert.equal(diagnose(pod({ state: { terminated: { exitCode: 1, reason: "Error" } } })), undefined);
  });

  it("is a crash once the container is not started again at once, with the output it ended with", () => {
    assert.deepEqual(diagnose(pod(crash(traceback))), {
      subject: "Pod web-1",
      outcome: "does not become ready",
      reason: "CrashLoopBackOff",
      detail: "the container ends with exit code 1",
      log: traceback,
      nextStep: "mend the project in app/",
      patience: 0,
      isByProcess: true,
    });
  });

  for (const [message, exitCode] of [
    ["django.db.utils.OperationalError: connection to server failed", 1],
    ["ConnectionRefusedError: [Errno 111] Connection refused", 1],
    ["the database is not there", 3],
    ["", 1],
  ] as const) {
    it(`waits for the rollout's time when a crash may pass, such as "${message}"`, () => {
      assert.equal(diagnose(pod(crash(message, exitCode)))?.patience, "rollout");
    });
  }

  for (const [message, exitCode] of [
    ["ModuleNotFoundError: No module named 'polls'", 1],
    ["django.core.exceptions.ImproperlyConfigured: no such backend", 1],
    ["sh: gunicorn: not found", 127],
  ] as const) {
    it(`gives up on a crash that no later start is spared, such as "${message}"`, () => {
      assert.equal(
        diagnose(pod(crash(`Traceback (most recent call last):\n  line\n${message}\n`, exitCode)))?.patience,
        0,
      );
    });
  }

  it("gives up on a crash for want of something that no later start is given, and says what it is", () => {
    const missing = "Traceback:\n  File \"<frozen os>\", line 714, in __getitem__\nKeyError: 'SMTP_HOST'\n";
    const found = diagnose(pod(crash(missing)));
    assert.deepEqual(
      [found?.detail, found?.nextStep, found?.patience],
      [
        "the project needs the variable SMTP_HOST, which is not set",
        "run `pulumi config set --path env.SMTP_HOST VALUE`",
        0,
      ],
    );
  });

  it("waits for the rollout's time when what is missing may come", () => {
    const found = diagnose(pod(crash("nc: bad address 'db'")));
    assert.deepEqual([found?.detail, found?.patience], ["there is no host of the name db", "rollout"]);
  });

  it("is what the container that prepares folders needs, which runs the same image", () => {
    const message = "container has runAsNonRoot and image will run as root";
    const other = pod({ state: { waiting: { reason: "PodInitializing" } } });
    other.spec?.containers.forEach(({ name, ...rest }) => {
      Object.assign(other.spec ?? {}, { initContainers: [{ ...rest, name: "writable-paths" }] });
      assert.equal(name, "django-web");
    });
    Object.assign(other.status, {
      initContainerStatuses: [
        {
          name: "writable-paths",
          image: "shop:abc",
          state: { waiting: { reason: "CreateContainerConfigError", message } },
        },
      ],
    });
    assert.deepEqual(
      [diagnose(other)?.nextStep, diagnose(other)?.patience],
      ["run `pulumi config set runAsUser 10001`, or `pulumi config set podSecurity baseline`", 0],
    );
  });

  it("blames the probe for a container that the kubelet ends because of it", () => {
    const events = [
      event("Unhealthy", "Liveness probe failed: HTTP probe failed with statuscode: 500"),
      event("Killing", "Container django-web failed liveness probe, will be restarted", "Normal"),
    ];
    const found = diagnose(pod(crash("", 137)), events);
    assert.equal(
      found?.detail,
      "the kubelet ends the container because of its probe (Liveness probe failed: HTTP probe failed with statuscode: 500)",
    );
    assert.doesNotMatch(found.nextStep, /memory/);
  });

  it("is the memory limit at the first time that it ended a container", () => {
    for (const container of [
      { state: { terminated: { exitCode: 137, reason: "OOMKilled" } } },
      {
        state: { waiting: { reason: "CrashLoopBackOff" } },
        lastState: { terminated: { exitCode: 137, reason: "OOMKilled" } },
      },
    ]) {
      const found = diagnose(pod(container));
      assert.equal(found?.reason, "OOMKilled");
      assert.equal(found.nextStep, "raise the limit, such as with `pulumi config set memoryLimit 1536Mi`");
      assert.equal(found.patience, 0);
    }
  });

  it("has no output of a container whose log the kubelet could not read", () => {
    const message = "unable to retrieve container logs for docker://dfdca1ab809d";
    const found = diagnose(pod({ state: { terminated: { exitCode: 137, reason: "OOMKilled", message } } }));
    assert.equal(found?.log, "");
  });

  it("is Redis' memory, of which its container's limit is made", () => {
    const spec = { containers: [{ name: "redis", resources: { limits: { memory: "192Mi" } } }] };
    const ended = { state: { terminated: { exitCode: 137, reason: "OOMKilled" } }, name: "redis" };
    const redis = pod(ended);
    const found = diagnose({ ...redis, metadata: { ...redis.metadata, labels: { app: "django-redis" } }, spec });
    assert.equal(
      found?.nextStep,
      "raise `redisMemory`, of which its limit is made, such as with `pulumi config set redisMemory 192Mi`",
    );
  });

  it("thinks of the memory limit when a container was killed and nobody says why", () => {
    const found = diagnose(pod(crash("", 137)));
    assert.equal(found?.detail, "the container is killed (exit code 137), as for more memory than its limit");
    assert.match(found.nextStep, /memoryLimit/);
  });

  it("names the image that the node does not have", () => {
    for (const reason of ["ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull"]) {
      const found = diagnose(pod({ state: { waiting: { reason, message: "no such host" } } }));
      assert.equal(found?.reason, reason);
      assert.equal(found.detail, "image shop:abc is not on the node, and no registry has it");
    }
  });

  it("has patience with what may be a matter of order, such as a Secret that is not there yet", () => {
    const message = 'secret "web-secret"\n not found';
    const found = diagnose(pod({ state: { waiting: { reason: "CreateContainerConfigError", message } } }));
    assert.equal(found?.detail, 'secret "web-secret" not found');
    assert.match(found.nextStep, /^run `npm run drift -- --restore`/);
    assert.equal(found.patience, 5);
  });

  it("is why no node takes the pod, which may pass", () => {
    const message = "0/1 nodes are available: 1 Insufficient memory.";
    const found = diagnose(pod({}, [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }]));
    assert.deepEqual([found?.reason, found?.detail, found?.patience], ["Unschedulable", message, "rollout"]);
    assert.match(found?.nextStep ?? "", /^lower `memoryRequest`/);
  });

  it("is why its node ended it", () => {
    const evicted = pod({});
    Object.assign(evicted.status, {
      phase: "Failed",
      reason: "Evicted",
      message: "The node was low on resource: ephemeral-storage.",
    });
    const found = diagnose(evicted);
    assert.equal(found?.reason, "Evicted");
    assert.match(found.nextStep, /^free disk space/);
  });
});

describe("The diagnosis of a pod of another image", () => {
  const pulled = (message: string): Diagnosis | undefined => {
    const other = pod({ state: { waiting: { reason: "ImagePullBackOff", message } } });
    for (const container of other.spec?.containers ?? []) {
      container.imagePullPolicy = "Always";
    }
    return diagnose(other);
  };

  const cases: [said: string, advice: RegExp, patience: Diagnosis["patience"]][] = [
    ["pull access denied, repository does not exist or may require authorization", /registryUsername/, 3],
    ["manifest for shop:abc not found: manifest unknown", /npm run doctor/, 3],
    ["no matching manifest for linux/arm64/v8 in the manifest list entries", /platform/, 3],
    ["tls: failed to verify certificate: x509: certificate signed by unknown authority", /certificate/, 3],
    ["toomanyrequests: You have reached your pull rate limit", /wait/, "rollout"],
    ["dial tcp: lookup registry.example.com: no such host", /reach the registry/, "rollout"],
  ];
  for (const [said, advice, patience] of cases) {
    it(`says why it cannot be pulled: ${said}`, () => {
      const found = pulled(`Back-off pulling image "shop:abc": ErrImagePull: ${said}`);
      assert.equal(found?.detail, `the node cannot pull shop:abc (${said})`);
      assert.match(found.nextStep, advice);
      assert.equal(found.patience, patience);
    });
  }
});

describe("The diagnosis of a pod that is not the app's", () => {
  it("names no key of config, which is about the app's image", () => {
    const message =
      'Back-off pulling image "postgres:18": ErrImagePull: pull access denied, repository does not exist or may require authorization';
    const server = pod({ name: "postgres", state: { waiting: { reason: "ImagePullBackOff", message } } });
    server.spec?.containers.forEach((container) => (container.name = "postgres"));
    assert.equal(diagnose(server)?.nextStep, "have the image where the nodes may pull it");
  });
});

describe("The diagnosis of a pod whose time is up", () => {
  it("is what its last failed probe said", () => {
    const events = [
      event("Unhealthy", "Startup probe failed: connection refused"),
      event("Unhealthy", "Startup probe failed:\nHTTP probe failed with statuscode: 503"),
      event("Pulled", "Container image already present", "Normal"),
    ];
    const found = diagnoseLate(pod({ state: { running: {} } }), events, 30);
    assert.equal(found?.reason, "NotReady");
    assert.equal(found.detail, "Startup probe failed: HTTP probe failed with statuscode: 503");
    assert.match(found.nextStep, /rolloutTimeoutSeconds 120`$/);
  });

  it("is twice the time that it was given, where that is more than two minutes", () => {
    const found = diagnoseLate(pod({ state: { running: {} } }), [], 400);
    assert.match(found?.nextStep ?? "", /rolloutTimeoutSeconds 800`$/);
  });

  it("is the latest warning where no probe failed", () => {
    const events = [event("FailedMount", "MountVolume.SetUp failed"), event("Scheduled", "assigned", "Normal")];
    const found = diagnoseLate(pod({ state: { waiting: { reason: "ContainerCreating" } } }), events, 30);
    assert.equal(found?.reason, "ContainerCreating");
    assert.equal(found.detail, "MountVolume.SetUp failed");
  });

  it("is none for a pod that is ready", () => {
    assert.equal(diagnoseLate(pod({ ready: true }, [{ type: "Ready", status: "True" }]), [], 30), undefined);
  });

  it("is the better one where the trouble has a name", () => {
    assert.equal(diagnoseLate(pod(crash("")), [], 30)?.reason, "CrashLoopBackOff");
  });
});

describe("The explanation of a diagnosis", () => {
  const retry = "run `npm run up` again";
  const diagnosis: Diagnosis = {
    subject: "Pod web-1",
    outcome: "does not become ready",
    reason: "CrashLoopBackOff",
    detail: "the container ends with exit code 1",
    log: traceback,
    nextStep: "mend it",
    patience: 0,
  };

  it("is a sentence, the last log lines, one next step and how to try again", () => {
    assert.equal(
      explain(diagnosis, true, retry).message,
      `Pod web-1 does not become ready: CrashLoopBackOff, the container ends with exit code 1:
  | Traceback (most recent call last):
  |   File "/app/config/settings.py", line 3
  | SyntaxError: invalid
The version before goes on serving; mend it and run \`npm run up\` again.`,
    );
  });

  it("says nothing of logs where there are none, nor of a version before at the first time", () => {
    assert.equal(
      explain({ ...diagnosis, detail: "", log: "\n" }, false, retry).message,
      "Pod web-1 does not become ready: CrashLoopBackOff; nothing is served yet; mend it and run `npm run up` again.",
    );
  });

  it("leaves it to a save to try again where that does", () => {
    assert.match(explain({ ...diagnosis, log: "" }, true, "").message, /; mend it\.$/);
  });

  it("leaves out the full stop with which the cluster ends what it says", () => {
    const detail = "0/1 nodes are available: 1 Insufficient memory.";
    assert.match(explain({ ...diagnosis, detail, log: "" }, true, retry).failed, /: 1 Insufficient memory$/);
  });

  it("shows the last twelve lines of a long log", () => {
    const log = Array.from({ length: 30 }, (_, index) => `line ${index}`).join("\n");
    const { output } = explain({ ...diagnosis, log }, true, retry);
    assert.deepEqual([output.length, output[0], output.at(-1)], [12, "line 18", "line 29"]);
  });

  it("is a line while the rollout goes on", () => {
    assert.equal(
      describeWait({ ...diagnosis, detail: "" }, 30),
      "Pod web-1: CrashLoopBackOff; the rollout goes on for up to 30 s",
    );
  });
});
