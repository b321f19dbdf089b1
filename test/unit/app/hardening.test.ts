import assert from "node:assert/strict";

import { hardenedContainer, hardenedPod } from "../../../components/app/hardening";
import { containerOf, deploy, podOf, types, variable } from "../helpers/app";
import { ownEnvironment } from "../helpers/environment";
import { type Inputs, only, type Run } from "../helpers/registrations";

describe("The security of pods", () => {
  const common = { automountServiceAccountToken: false, enableServiceLinks: false };
  const seccompProfile = { type: "RuntimeDefault" };
  const groupId = 10001;

  it("leaves the user to the image with baseline", () => {
    assert.deepEqual(hardenedPod({ podSecurity: "baseline", userId: undefined, userGroupId: undefined, groupId }), {
      ...common,
      securityContext: { fsGroup: 10001, seccompProfile },
    });
  });

  it("demands another user than root with restricted, and leaves the choice to the image", () => {
    assert.deepEqual(hardenedPod({ podSecurity: "restricted", userId: undefined, userGroupId: undefined, groupId }), {
      ...common,
      securityContext: { runAsNonRoot: true, fsGroup: 10001, seccompProfile },
    });
  });

  it("has the user that is set with either", () => {
    const user = { runAsUser: 999, runAsGroup: 999 };
    assert.deepEqual(hardenedPod({ podSecurity: "baseline", userId: 999, userGroupId: 999, groupId }).securityContext, {
      ...user,
      fsGroup: 10001,
      seccompProfile,
    });
    assert.deepEqual(
      hardenedPod({ podSecurity: "restricted", userId: 999, userGroupId: 999, groupId }).securityContext,
      {
        runAsNonRoot: true,
        ...user,
        fsGroup: 10001,
        seccompProfile,
      },
    );
  });

  it("takes nothing from containers with baseline, and with restricted all that Pod Security names and the disk", () => {
    assert.deepEqual(hardenedContainer("baseline"), { terminationMessagePolicy: "FallbackToLogsOnError" });
    assert.deepEqual(hardenedContainer("restricted"), {
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      },
      terminationMessagePolicy: "FallbackToLogsOnError",
    });
  });
});

describe("DjangoApp with baseline", () => {
  ownEnvironment();
  const contextsOf = (run: Run): unknown[] =>
    [podOf(run), containerOf(run)].map((each) => (each as { securityContext?: unknown }).securityContext);

  it("has a Namespace that enforces baseline", async () => {
    const { metadata } = only(await deploy({ podSecurity: "baseline" }), types.namespace).inputs;
    assert.deepEqual((metadata as Inputs)["labels"], {
      "pod-security.kubernetes.io/enforce": "baseline",
      "pod-security.kubernetes.io/warn": "baseline",
    });
  });

  it("has the image's user, disk and home, and no volume but for its secrets", async () => {
    const run = await deploy({ podSecurity: "baseline" });
    assert.deepEqual(contextsOf(run), [{ fsGroup: 10001, seccompProfile: { type: "RuntimeDefault" } }, undefined]);
    assert.deepEqual([variable(run, "HOME"), variable(run, "SQLITE_PATH")], [undefined, "/tmp/db.sqlite3"]);
    assert.deepEqual(containerOf(run).volumeMounts, [
      { name: "secret", mountPath: "/run/secrets/django", readOnly: true },
    ]);
  });

  it("has the user that is set", async () => {
    const [pod] = contextsOf(await deploy({ podSecurity: "baseline", runAsUser: 1000, runAsGroup: 1000 }));
    const expected = { runAsUser: 1000, runAsGroup: 1000, fsGroup: 10001, seccompProfile: { type: "RuntimeDefault" } };
    assert.deepEqual(pod, expected);
  });
});

describe("DjangoApp's processes", () => {
  ownEnvironment();

  it("start as they are told, on the port that they are told", async () => {
    const start = { command: ["/bin/sh"], args: ["-c", "serve"], release: undefined };
    const container = containerOf(await deploy({ start, port: 5000 })) as unknown as Inputs;
    assert.deepEqual(
      [container["command"], container["args"], container["ports"]],
      [["/bin/sh"], ["-c", "serve"], [{ name: "http", containerPort: 5000 }]],
    );
    assert.equal(variable(await deploy({ port: 5000 }), "PORT"), "5000");
  });

  it("start as the image says where they are told nothing", async () => {
    const { command, ...container } = containerOf(await deploy());
    assert.deepEqual([command, "args" in container], [undefined, false]);
  });
});
