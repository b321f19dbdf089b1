import assert from "node:assert/strict";

import {
  contextFinding,
  daemonFinding,
  imageFinding,
  lockFindings,
  namespaceFindings,
  pendingFinding,
  pluginFinding,
  problemFinding,
  rowsOf,
  secretFinding,
  toolFinding,
  unusedImagesFinding,
} from "../../../../commands/doctor/findings";
import { pulumi } from "../../../../sandbox/install/catalogue";

const facts = { id: "daemon-1", platform: "linux/amd64", containerdStore: false };
const refused = { error: new Error("ECONNREFUSED") };
const content = { pid: 4711, username: "me", hostname: "here", timestamp: "2026-11-22T10:00:00Z" };
const since = new Date(content.timestamp).toLocaleString("sv");
const lock = { file: "/state/a.json", content };

describe("The doctor", () => {
  it("names a tool's version and place, or how to get it", () => {
    const installed = { name: "pulumi", version: "3.220.0", folder: "/opt/pulumi", source: "path" } as const;
    assert.deepEqual(toolFinding(pulumi, installed, "dev"), {
      state: "well",
      subject: "Pulumi",
      detail: "3.220.0 in /opt/pulumi",
    });
    assert.deepEqual(toolFinding(pulumi, undefined, "dev"), {
      state: "ill",
      subject: "Pulumi",
      detail: "is not installed",
      fix: "npm run up -- dev",
    });
  });

  it("asks for a plugin that Pulumi does not have", () => {
    assert.equal(pluginFinding("docker", "5.2.0", true, "dev").state, "well");
    assert.equal(pluginFinding("docker", "5.2.0", false, "dev").fix, "npm run up -- dev");
  });

  it("says how to start a Docker daemon or a cluster that does not answer", () => {
    const host = "unix:///docker.sock";
    assert.deepEqual(daemonFinding(host, refused, "docker", "start Docker Desktop", "dev"), {
      state: "ill",
      subject: "Docker daemon",
      detail: "unix:///docker.sock does not answer (ECONNREFUSED)",
      fix: "start Docker Desktop",
    });
    assert.deepEqual(contextFinding("minikube", "https://1.2.3.4", refused, "run `minikube start`"), {
      state: "ill",
      subject: "kube context",
      detail: "minikube at https://1.2.3.4 does not answer (ECONNREFUSED)",
      fix: "minikube start",
    });
    assert.equal(daemonFinding(host, { value: facts }, "docker", "", "dev").state, "well");
    assert.equal(contextFinding("minikube", "https://1.2.3.4", { value: "uid" }, "").state, "well");
  });

  it("finds a daemon whose store the builder cannot handle, and only with that builder", () => {
    const answer = { value: { ...facts, containerdStore: true } };
    const fix = "pulumi config set builder docker-build --stack dev";
    assert.equal(daemonFinding("unix:///docker.sock", answer, "docker", "", "dev").fix, fix);
    assert.equal(daemonFinding("unix:///docker.sock", answer, "docker-build", "", "dev").state, "well");
  });

  it("parts a sentence that names a command into what is wrong and what helps", () => {
    const sentences: [sentence: string, detail: string, fix: string | undefined][] = [
      ["It does not run: run `minikube start -p a`.", "It does not run", "minikube start -p a"],
      ["It is x: allowed is y; run `a`, or `b`.", "It is x: allowed is y", "run `a`, or `b`"],
      ["It failed", "It failed", undefined],
    ];
    for (const [sentence, detail, fix] of sentences) {
      const expected = { state: "ill", subject: "it", detail, ...(fix === undefined ? {} : { fix }) };
      assert.deepEqual(problemFinding("it", new Error(sentence)), expected);
    }
  });

  it("takes a killed process' lock for an illness, and a living one's for news", () => {
    assert.deepEqual(lockFindings([], "dev"), [{ state: "well", subject: "lock", detail: "none" }]);
    assert.deepEqual(lockFindings([{ lock, holder: "gone" }], "dev"), [
      {
        state: "ill",
        subject: "lock",
        detail: `Process 4711, which was killed, left the lock of stack dev since ${since}`,
        fix: "npm run up -- dev",
      },
    ]);
    assert.deepEqual(lockFindings([{ lock, holder: "running" }], "dev"), [
      {
        state: "note",
        subject: "lock",
        detail: `Stack dev is being changed or watched by process 4711 of user me since ${since}`,
        fix: "wait until it ends, or end it with `kill -INT 4711`",
      },
    ]);
    assert.equal(lockFindings([{ lock, holder: "elsewhere" }], "dev")[0]?.state, "ill");
  });

  it("names what was interrupted", () => {
    const urn = "urn:pulumi:dev::kubernetes-django::a$kubernetes:apps/v1:Deployment::kubernetes-django";
    const pending = [{ type: "creating", resource: { urn, type: "kubernetes:apps/v1:Deployment" } }];
    assert.deepEqual(pendingFinding(pending, "dev"), {
      state: "ill",
      subject: "pending operations",
      detail: "creating Deployment kubernetes-django",
      fix: "npm run up -- dev",
    });
    assert.equal(pendingFinding([], "dev").state, "well");
  });

  it("misses a deployed image", () => {
    assert.equal(imageFinding("app:0123456789ab", true, "dev").state, "well");
    assert.equal(
      imageFinding("app:0123456789ab", false, "dev").detail,
      "app:0123456789ab is not on the Docker daemon any more",
    );
  });

  it("notes images that nothing uses, and namespaces that no stack has", () => {
    const image = { reference: "app:0123456789ab", id: "1", age: "", size: "" };
    assert.equal(unusedImagesFinding([], "dev").state, "well");
    assert.deepEqual(unusedImagesFinding([image], "dev"), {
      state: "note",
      subject: "leftover images",
      detail: "1 of this project that nothing uses",
      fix: "npm run prune -- dev",
    });
    assert.equal(namespaceFindings(["mine"], new Set(["mine"]), "minikube")[0]?.state, "well");
    assert.deepEqual(namespaceFindings(["mine", "b", "a"], new Set(["mine"]), "minikube"), [
      {
        state: "note",
        subject: "leftover namespace",
        detail: "a: no stack of this backend has it; if no other checkout does either, delete it",
        fix: "kubectl --context minikube delete namespace a",
      },
      {
        state: "note",
        subject: "leftover namespace",
        detail: "b: no stack of this backend has it; if no other checkout does either, delete it",
        fix: "kubectl --context minikube delete namespace b",
      },
    ]);
  });

  it("finds a secret key that everybody can read", () => {
    assert.deepEqual(secretFinding("dev", undefined), []);
    assert.deepEqual(secretFinding("dev", ""), []);
    assert.equal(secretFinding("dev", "abc")[0]?.detail, "stands in Pulumi.dev.yaml in plain text");
  });

  it("shows each finding with its mark, and what helps below it", () => {
    assert.deepEqual(
      rowsOf([
        { state: "well", subject: "a", detail: "1" },
        { state: "note", subject: "b", detail: "2", fix: "do it" },
        { state: "ill", subject: "c", detail: "3", fix: "do that" },
      ]),
      [
        ["✓", "a", "1"],
        ["!", "b", "2"],
        ["", "", "→ do it"],
        ["✗", "c", "3"],
        ["", "", "→ do that"],
      ],
    );
  });
});
