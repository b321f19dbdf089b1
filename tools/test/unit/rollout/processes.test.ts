import assert from "node:assert/strict";

import { diagnose, diagnoseLate } from "../../../rollout/diagnose";
import { type Diagnosis, explain, explainRun } from "../../../rollout/diagnosis";
import type { ContainerStatus, Pod, PodEvent } from "../../../rollout/kubernetes";
import { adviceFor } from "../../../rollout/listening";
import { diagnoseRefusal } from "../../../rollout/refusal";
import { roleOf } from "../../../app/role";

const processLabels = { app: "django-process", process: "worker" };
const pod = (
  status: Partial<ContainerStatus>,
  container: object = {},
  labels: Record<string, string> = processLabels,
): Pod => {
  const name = labels["process"] ?? labels["schedule"] ?? "";
  return {
    metadata: { name: `${name}-1`, namespace: "shop", uid: "1", creationTimestamp: "2026-01-01T00:00:00Z", labels },
    spec: {
      ...(labels["schedule"] !== undefined && { restartPolicy: "Never" }),
      containers: [
        {
          name,
          image: "shop:abc",
          imagePullPolicy: "IfNotPresent",
          resources: { requests: { memory: "256Mi" }, limits: { memory: "512Mi" } },
          ...container,
        },
      ],
    },
    status: {
      phase: "Running",
      conditions: [],
      containerStatuses: [{ name, ready: false, restartCount: 1, image: "shop:abc", imageID: "", ...status }],
    },
  };
};
const ended = (exitCode: number, reason = "Error", message = ""): Partial<ContainerStatus> => ({
  state: { waiting: { reason: "CrashLoopBackOff" } },
  lastState: { terminated: { exitCode, reason, message } },
});
const unhealthy = (message: string): PodEvent[] => [
  { reason: "Unhealthy", message, type: "Warning", lastTimestamp: null },
];
const nextStepOf = (found: Pick<Diagnosis, "nextStep"> | undefined): string | undefined => found?.nextStep;

describe("The diagnosis of a process beside web", () => {
  it("has its name, and advice with its own keys", () => {
    const found = diagnose(pod(ended(137, "OOMKilled")));
    assert.equal(found?.subject, "Process worker (pod worker-1)");
    assert.equal(
      found.nextStep,
      "raise the limit, such as with `pulumi config set --path processes.worker.memoryLimit 1Gi`",
    );
    assert.equal(
      nextStepOf(diagnose(pod(ended(137)))),
      "raise the limit, such as with `pulumi config set --path processes.worker.memoryLimit 1Gi`",
    );
  });

  it("says what becomes of the process in the meantime, not of the page", () => {
    const found = diagnose(pod(ended(1, "Error", "SyntaxError: invalid syntax")));
    assert.ok(found);
    assert.equal(
      explain(found, true, "run `npm run up` again").message,
      "Process worker (pod worker-1) does not become ready: CrashLoopBackOff, the container ends with exit code 1:\n  | SyntaxError: invalid syntax\nProcess worker goes on in the version before; mend the project in app/ and run `npm run up` again.",
    );
    assert.match(explain(found, false, "").message, /\nProcess worker does not run yet; mend/);
  });

  it("asks for another command where the image does not have its program", () => {
    const message = 'exec: "celery": executable file not found in $PATH: unknown';
    const found = diagnose(pod({ state: { waiting: { reason: "RunContainerError", message } } }));
    assert.equal(found?.detail, "the image has no program celery on its PATH");
    assert.equal(
      found.nextStep,
      "let the Dockerfile install celery, or run `pulumi config set --path processes.worker.command 'COMMAND'`",
    );
    assert.equal(found.patience, 0);
  });

  it("says of a command that comes to an end that it has to go on", () => {
    const found = diagnose(pod(ended(0, "Completed")));
    assert.equal(found?.detail, "its command ends with exit code 0, and is to run until it is told to end");
    assert.match(
      found.nextStep,
      /^let `processes\.worker\.command` be one that goes on .* `schedules` what runs at times$/,
    );
  });

  it("quotes a health command that fails, and names its key", () => {
    const probe = { startupProbe: { exec: { command: ["celery", "inspect", "ping"] } } };
    const found = diagnoseLate(
      pod({ state: { running: {} } }, probe),
      unhealthy("Startup probe failed: Error: No nodes replied within time constraint\n"),
      120,
    );
    assert.equal(found?.detail, "Startup probe failed: Error: No nodes replied within time constraint");
    assert.equal(
      found.nextStep,
      "mend the project in app/, or have it asked otherwise with `pulumi config set --path processes.worker.healthCommand 'COMMAND'`, or give it longer with `pulumi config set rolloutTimeoutSeconds 240`",
    );
    const killed: PodEvent[] = [
      ...unhealthy("Liveness probe failed: no answer"),
      { reason: "Killing", message: "Container worker failed liveness probe, will be restarted", type: "Normal" },
    ];
    assert.match(
      nextStepOf(diagnose(pod(ended(1), { livenessProbe: { httpGet: { path: "/" } } }), killed)) ?? "",
      /has to answer, or have it asked otherwise with `pulumi config set --path processes\.worker\.healthPath \/PATH`$/,
    );
  });

  it("names its own port where nothing listens on it", () => {
    assert.equal(
      nextStepOf(adviceFor([{ address: "0.0.0.0", port: 8888 }], 5555, roleOf(processLabels))),
      "let it listen on 0.0.0.0:5555, such as by its option `--bind`, or run `pulumi config set --path processes.worker.port 8888`",
    );
  });

  it("names its own request where no node has room, and its own limits where a quota has none", () => {
    const conditions = [
      { type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/1 nodes: Insufficient memory." },
    ];
    const waiting = pod({});
    waiting.status = { ...waiting.status, conditions };
    assert.match(
      nextStepOf(diagnose(waiting)) ?? "",
      /lower `processes\.worker\.memoryRequest`, such as by `pulumi config set --path processes\.worker\.memoryRequest 64Mi`/,
    );
    const refused = { kind: "Deployment", name: "a", namespace: "shop", role: roleOf(processLabels), fewerReplicas: 1 };
    const found = diagnoseRefusal("exceeded quota: q, requested: pods=1, used: pods=5, limited: pods=5", refused);
    assert.equal(found.process, "worker");
    assert.match(found.nextStep, /^lower `processes\.worker\.replicas`/);
  });
});

describe("The diagnosis of a schedule's run", () => {
  it("has its name, and speaks of no rollout", () => {
    const labels = { app: "django-schedule", schedule: "nightly" };
    const found = diagnose(pod({ state: { terminated: { exitCode: 3, reason: "Error" } } }, {}, labels));
    assert.ok(found);
    assert.equal(
      explainRun(found).message,
      "Schedule nightly (pod nightly-1) fails: Error, its command ends with exit code 3; mend the project in app/ and run `npm run up`.",
    );
  });
});
