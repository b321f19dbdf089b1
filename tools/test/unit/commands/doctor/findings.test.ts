import assert from "node:assert/strict";

import {
  builderFinding,
  contextFinding,
  daemonFinding,
  imageFinding,
  lockFindings,
  namespaceFindings,
  pendingFinding,
  pluginFinding,
  problemFinding,
  secretFinding,
  stateFinding,
  toolFinding,
  unsearchedFinding,
  unusedImagesFinding,
} from "../../../../commands/doctor/findings";
import { Refused } from "../../../../../components/kubernetes/client";
import { Problem } from "../../../../../components/problem";
import { pulumi } from "../../../../sandbox/install/catalogue";

const facts = { id: "daemon-1", platform: "linux/amd64", containerdStore: false, system: "Docker Desktop" };
const refused = { error: new Error("ECONNREFUSED") };
const content = { pid: 4711, username: "me", hostname: "here", timestamp: "2026-11-22T10:00:00Z" };
const since = new Date(content.timestamp).toLocaleString("sv");
const lock = { file: "/state/a.json", content };

const first = { stack: "dev", app: "kubernetes-django" };

describe("The doctor", () => {
  it("names a tool's version and place, or how to get it", () => {
    const installed = { name: "pulumi", version: "3.220.0", folder: "/opt/pulumi", source: "path" } as const;
    assert.deepEqual(toolFinding(pulumi, installed, "dev"), {
      status: "ok",
      subject: "Pulumi",
      detail: "3.220.0 in /opt/pulumi",
    });
    assert.deepEqual(toolFinding(pulumi, undefined, "dev"), {
      status: "failed",
      subject: "Pulumi",
      detail: "is not installed",
      help: "run `npm run up -- dev`",
    });
  });

  it("fails for a plugin that Pulumi does not have", () => {
    assert.equal(pluginFinding("docker", "5.2.0", true, "dev").status, "ok");
    assert.equal(pluginFinding("docker", "5.2.0", false, "dev").help, "run `npm run up -- dev`");
  });

  it("says how to start a cluster that does not answer", () => {
    assert.deepEqual(contextFinding("minikube", "https://1.2.3.4", refused, "run `minikube start`"), {
      status: "failed",
      subject: "kube context",
      detail: "minikube at https://1.2.3.4 does not answer (ECONNREFUSED)",
      help: "run `minikube start`",
    });
    assert.equal(contextFinding("minikube", "https://1.2.3.4", { value: "uid" }, "").status, "ok");
  });

  it("names the Docker daemon and what of the shell names it", () => {
    const host = "unix:///docker.sock";
    assert.equal(daemonFinding(host, facts).detail, "unix:///docker.sock answers, linux/amd64");
    assert.equal(
      daemonFinding(host, facts, "DOCKER_HOST").detail,
      "unix:///docker.sock answers, linux/amd64; DOCKER_HOST names it",
    );
  });

  it("names the builder, and why it is not the usual one", () => {
    assert.deepEqual(builderFinding("docker"), { status: "ok", subject: "builder", detail: "docker" });
    assert.equal(builderFinding("docker-build", "Builder docker-build: because").detail, "docker-build: because");
  });

  it("takes from a problem what failed, what another program printed and what helps", () => {
    const problem = new Problem("minikube is not running", "run `minikube start`", ["host: Stopped"]);
    assert.deepEqual(problemFinding("kube context", problem), {
      status: "failed",
      subject: "kube context",
      detail: "minikube is not running",
      output: ["host: Stopped"],
      help: "run `minikube start`",
    });
    assert.deepEqual(problemFinding("state", new Problem("It failed: a; b")), {
      status: "failed",
      subject: "state",
      detail: "It failed: a; b",
    });
  });

  it("takes from an unexpected error its message alone", () => {
    assert.deepEqual(problemFinding("state", new Error("x is undefined; y")), {
      status: "failed",
      subject: "state",
      detail: "x is undefined; y",
    });
  });

  it("fails for the lock of a killed process, and notes that of a running one", () => {
    assert.deepEqual(lockFindings([], "dev"), [{ status: "ok", subject: "lock", detail: "none" }]);
    assert.deepEqual(lockFindings([{ lock, holder: "gone" }], "dev"), [
      {
        status: "failed",
        subject: "lock",
        detail: `Process 4711, which was killed, left the lock of stack dev since ${since}`,
        help: "run `npm run up -- dev`",
      },
    ]);
    assert.deepEqual(lockFindings([{ lock, holder: "running" }], "dev"), [
      {
        status: "note",
        subject: "lock",
        detail: `Stack dev is being changed by process 4711 of user me since ${since}`,
        help: "wait until it ends, or end it with `kill -INT 4711`",
      },
    ]);
    assert.equal(lockFindings([{ lock, holder: "elsewhere" }], "dev")[0]?.status, "failed");
  });

  it("counts a stack's resources, and notes when there are none", () => {
    const resource = { urn: "urn", type: "type" };
    assert.deepEqual(stateFinding([resource, resource], "dev"), {
      status: "ok",
      subject: "state",
      detail: "2 resources",
    });
    assert.deepEqual(stateFinding([], "dev"), {
      status: "note",
      subject: "state",
      detail: "nothing is deployed",
      help: "run `npm run up -- dev`",
    });
  });

  it("names what was interrupted", () => {
    const urn = "urn:pulumi:dev::kubernetes-django::a$kubernetes:apps/v1:Deployment::kubernetes-django";
    const pending = [{ type: "creating", resource: { urn, type: "kubernetes:apps/v1:Deployment" } }];
    assert.deepEqual(pendingFinding(pending, "dev"), {
      status: "failed",
      subject: "pending operations",
      detail: "creating Deployment kubernetes-django",
      help: "run `npm run up -- dev`",
    });
    assert.equal(pendingFinding([], "dev").status, "ok");
  });

  it("fails for a deployed image that is gone", () => {
    assert.equal(imageFinding({ ...first, image: "app:0123456789ab" }, true, "dev").status, "ok");
    assert.equal(
      imageFinding({ app: "blog", image: "app:0123456789ab" }, true, "dev").subject,
      "deployed image of app blog",
    );
    assert.equal(
      imageFinding({ ...first, image: "app:0123456789ab" }, false, "dev").detail,
      "app:0123456789ab is no longer on the Docker daemon",
    );
  });

  it("notes images that nothing uses", () => {
    const image = { reference: "app:0123456789ab", id: "1", age: "", size: "" };
    assert.equal(unusedImagesFinding([], "dev").status, "ok");
    assert.deepEqual(unusedImagesFinding([image], "dev"), {
      status: "note",
      subject: "leftover images",
      detail: "1 of this project, in use nowhere",
      help: "run `npm run prune -- dev`",
    });
  });

  it("says whose a namespace is that no stack has, and advises to delete only what nobody would miss", () => {
    const none = { status: "ok", subject: "leftover namespaces", detail: "none" };
    assert.deepEqual(namespaceFindings([], "minikube"), [none]);
    const other = { name: "b", maker: { inWords: "stack dev in s3://theirs", lost: undefined }, holdsMore: true };
    assert.deepEqual(namespaceFindings([other], "minikube"), [
      { status: "ok", subject: "other namespace", detail: "b belongs to stack dev in s3://theirs" },
      none,
    ]);
    const subject = "leftover namespace";
    const maker = { inWords: "stack dev", lost: { uid: "uid-1" } };
    const adopt =
      "to take it over with all that is in it, set `namespace` to c and `adoptNamespace` to uid-1 in a stack";
    const remove = (name: string): string => `run \`kubectl --context minikube delete namespace ${name}\``;
    const strays = [
      { name: "d", maker, holdsMore: false },
      { name: "c", maker, holdsMore: true },
      { name: "b", maker: undefined, holdsMore: true },
      { name: "a", maker: undefined, holdsMore: false },
    ];
    assert.deepEqual(namespaceFindings(strays, "minikube"), [
      {
        status: "note",
        subject,
        detail: "a belongs to no stack of this backend",
        help: `if it belongs to no other checkout either, ${remove("a")}`,
      },
      {
        status: "note",
        subject,
        detail: "b belongs to no stack of this backend, and holds data or what others made",
        help: "look with `kubectl --context minikube --namespace b get all,persistentvolumeclaims` for whose it is",
      },
      { status: "note", subject, detail: "c was made by stack dev, whose state is lost", help: adopt },
      {
        status: "note",
        subject,
        detail: "d was made by stack dev, whose state is lost",
        help: `${adopt.replace("to c", "to d")}, or ${remove("d")}`,
      },
    ]);
  });

  it("notes that a user may not search the whole cluster, and fails for what else kept it from that", () => {
    const context = { name: "prod", server: "https://prod", ca: undefined, skipTlsVerify: false, client: undefined };
    const refusal = (status: number): Error => new Refused(context, "/api/v1/pods", status);
    assert.deepEqual(unsearchedFinding(refusal(403)), {
      status: "note",
      subject: "leftovers",
      detail: 'The cluster of kube context "prod" answers 403 to GET /api/v1/pods',
      help: "ask whoever may list the workloads of all namespaces to look for them",
    });
    assert.equal(unsearchedFinding(refusal(500)).status, "failed");
  });

  it("fails for a secret key in plain text", () => {
    assert.deepEqual(secretFinding(first, undefined), []);
    assert.deepEqual(secretFinding(first, ""), []);
    assert.equal(secretFinding(first, "abc")[0]?.detail, "Pulumi.dev.yaml has it in plain text");
    assert.deepEqual(secretFinding({ stack: "dev", app: "blog" }, "abc"), [
      {
        status: "failed",
        subject: "blog:secretKey",
        detail: "Pulumi.dev.yaml has it in plain text",
        help: 'run `pulumi config set --secret blog:secretKey "$(openssl rand -base64 48)" --stack dev`',
      },
    ]);
  });
});
