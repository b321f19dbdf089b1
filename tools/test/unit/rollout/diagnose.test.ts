import assert from "node:assert/strict";

import { diagnose, diagnoseLate, type Diagnosis, explain } from "../../../rollout/diagnose";
import type { ContainerStatus, Pod, PodEvent } from "../../../rollout/kubernetes";

const pod = (container: Partial<ContainerStatus>, conditions: Pod["status"]["conditions"] = []): Pod => ({
  metadata: { name: "web-1", uid: "1", creationTimestamp: "2026-01-01T00:00:00Z" },
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
    const found = diagnose(
      pod({
        restartCount: 1,
        state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 10s restarting failed container" } },
        lastState: { terminated: { exitCode: 1, reason: "Error", message: traceback } },
      }),
    );
    assert.deepEqual(found, {
      pod: "web-1",
      outcome: "does not become ready",
      reason: "CrashLoopBackOff",
      detail: "the container ends with exit code 1",
      log: traceback,
      nextStep: "mend the project in app/ and run `npm run up` again",
      patienceSeconds: 0,
    });
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
      assert.match(found.nextStep, /memoryLimit/);
      assert.equal(found.patienceSeconds, 0);
    }
  });

  it("thinks of the memory limit when a container was killed and nobody says why", () => {
    const lastState = { terminated: { exitCode: 137, reason: "Error" } };
    const found = diagnose(pod({ state: { waiting: { reason: "CrashLoopBackOff" } }, lastState }));
    assert.equal(found?.detail, "the container is killed (exit code 137), as for more memory than its limit");
    assert.match(found.nextStep, /memoryLimit/);
  });

  it("names the image that the node does not have", () => {
    for (const reason of ["ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName"]) {
      const found = diagnose(pod({ state: { waiting: { reason, message: "pull access denied" } } }));
      assert.equal(found?.reason, reason);
      assert.equal(found.detail, "image shop:abc is not on the node, and no registry has it");
    }
  });

  it("has patience with what may be a matter of order, such as a Secret that is not there yet", () => {
    const message = 'secret "web-secret"\n not found';
    const found = diagnose(pod({ state: { waiting: { reason: "CreateContainerConfigError", message } } }));
    assert.equal(found?.detail, 'secret "web-secret" not found');
    assert.equal(found.patienceSeconds, 5);
  });

  it("is why no node takes the pod", () => {
    const message = "0/1 nodes are available: 1 Insufficient memory.";
    const unschedulable = pod({}, [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }]);
    const found = diagnose(unschedulable);
    assert.equal(found?.reason, "Unschedulable");
    assert.equal(found.detail, message);
    assert.equal(found.patienceSeconds, 5);
  });
});

describe("The diagnosis of a pod whose time is up", () => {
  const event = (reason: string, message: string): PodEvent => ({ reason, message, lastTimestamp: null });

  it("is what its last failed probe said", () => {
    const events = [
      event("Unhealthy", "Startup probe failed: connection refused"),
      event("Unhealthy", "Startup probe failed:\nHTTP probe failed with statuscode: 503"),
      event("Pulled", "Container image already present"),
    ];
    const found = diagnoseLate(pod({ state: { running: {} } }), events);
    assert.equal(found?.reason, "NotReady");
    assert.equal(found.detail, "Startup probe failed: HTTP probe failed with statuscode: 503");
    assert.match(found.nextStep, /rolloutTimeoutSeconds/);
  });

  it("is the latest event where no probe failed", () => {
    const events = [event("FailedMount", "MountVolume.SetUp failed")];
    const found = diagnoseLate(pod({ state: { waiting: { reason: "ContainerCreating" } } }), events);
    assert.equal(found?.reason, "ContainerCreating");
    assert.equal(found.detail, "MountVolume.SetUp failed");
  });

  it("is none for a pod that is ready", () => {
    assert.equal(diagnoseLate(pod({ ready: true }, [{ type: "Ready", status: "True" }]), []), undefined);
  });

  it("is the better one where the trouble has a name", () => {
    assert.equal(
      diagnoseLate(pod({ state: { waiting: { reason: "CrashLoopBackOff" } } }), [])?.reason,
      "CrashLoopBackOff",
    );
  });
});

describe("The explanation of a diagnosis", () => {
  const diagnosis: Diagnosis = {
    pod: "web-1",
    outcome: "does not become ready",
    reason: "CrashLoopBackOff",
    detail: "the container ends with exit code 1",
    log: traceback,
    nextStep: "mend it",
    patienceSeconds: 0,
  };

  it("is a sentence, the last log lines and one next step", () => {
    assert.equal(
      explain(diagnosis, true).message,
      `Pod web-1 does not become ready: CrashLoopBackOff, the container ends with exit code 1:
  | Traceback (most recent call last):
  |   File "/app/config/settings.py", line 3
  | SyntaxError: invalid
The version before goes on serving; mend it.`,
    );
  });

  it("says nothing of logs where there are none, nor of a version before at the first time", () => {
    assert.equal(
      explain({ ...diagnosis, detail: "", log: "\n" }, false).message,
      "Pod web-1 does not become ready: CrashLoopBackOff; nothing is served yet; mend it.",
    );
  });

  it("leaves out the full stop with which the cluster ends what it says", () => {
    const detail = "0/1 nodes are available: 1 Insufficient memory.";
    assert.match(explain({ ...diagnosis, detail, log: "" }, true).failed, /: 1 Insufficient memory$/);
  });

  it("shows the last twelve lines of a long log", () => {
    const log = Array.from({ length: 30 }, (_, index) => `line ${index}`).join("\n");
    const { output } = explain({ ...diagnosis, log }, true);
    assert.deepEqual([output.length, output[0], output.at(-1)], [12, "line 18", "line 29"]);
  });
});
