import assert from "node:assert/strict";

import type { Diagnosis } from "../../../../rollout/diagnosis";
import type { Pod } from "../../../../rollout/kubernetes";
import { withNeed } from "../../../../rollout/needs/withNeed";
import { namedImage } from "./runs";

describe("A diagnosis with what the process needs", () => {
  const message = "container has runAsNonRoot and image has non-numeric user (app), cannot verify user is non-root";
  const pod = {
    metadata: { name: "web-1", uid: "1", creationTimestamp: "2026-01-01T00:00:00Z" },
    spec: {
      securityContext: { runAsNonRoot: true },
      containers: [{ name: "django-web", image: "shop:abc", securityContext: { readOnlyRootFilesystem: true } }],
    },
    status: {
      containerStatuses: [
        {
          name: "django-web",
          image: "shop:abc",
          state: { waiting: { reason: "CreateContainerConfigError", message } },
        },
      ],
    },
  } as Pod;
  const running = { ...pod, status: { containerStatuses: [{ name: "django-web", state: { running: {} } }] } } as Pod;
  const diagnosis: Diagnosis = {
    subject: "Pod web-1",
    outcome: "does not become ready",
    reason: "Any",
    detail: "it ended",
    log: "",
    nextStep: "mend it",
    patience: 0,
    isByProcess: true,
  };
  const asked: string[] = [];
  const ask = (image: string) => {
    asked.push(image);
    return Promise.resolve(namedImage);
  };
  const find = async (change: Partial<Diagnosis>, of = pod, more = ""): Promise<Diagnosis> => {
    asked.length = 0;
    return await withNeed({ ...diagnosis, ...change }, of, ask, () => Promise.resolve(more));
  };

  it("asks the image that the pod runs", async () => {
    assert.equal(
      (await find({})).nextStep,
      "run `pulumi config set runAsUser 999`, which is its uid, or `pulumi config set podSecurity baseline`",
    );
    assert.deepEqual(asked, ["shop:abc"]);
  });

  it("looks in more of the output where the last lines name nothing", async () => {
    const more = "OSError: [Errno 30] Read-only file system: 'media/x'\nmany lines";
    assert.equal(
      (await find({ log: "many lines" }, running, more)).nextStep,
      "run `pulumi config set writablePaths /home/app/web/media`",
    );
  });

  it("asks nothing, and stays as it is, where the process tells of no need", async () => {
    assert.deepEqual(await find({ log: "RuntimeError" }, running, "RuntimeError"), {
      ...diagnosis,
      log: "RuntimeError",
    });
    assert.deepEqual(asked, []);
  });

  it("stays as it is where something else ended the process", async () => {
    const killed: Partial<Diagnosis> = {
      isByProcess: false,
      log: "cp: cannot create regular file '/x': Read-only file system",
    };
    assert.deepEqual(await find(killed), { ...diagnosis, ...killed });
  });
});
