import assert from "node:assert/strict";
import fs from "node:fs";

import { waitUntilServed } from "../../commands/up";
import { untilTrue } from "../../waiting";
import { RunningCommand } from "../../terminal/runningCommand";
import { availableBuilder, figure, getTools } from "./helpers/cluster";
import { describeLoad, underLoad } from "./helpers/load";
import { type Result, type SplitResult, Workspace } from "./helpers/workspace";

const namespace = "bad-versions";
const slowNamespace = "slow-start";
/** A version that does not become ready is given as long as its process may need to start; one that does, longer. */
const badSeconds = "40";
const goodSeconds = "120";

interface Case {
  title: string;
  /** File that is edited, and how. */
  edit?: [file: string, change: (text: string) => string];
  config?: Record<string, string>;
  /** An object that an administrator of the cluster made. */
  object?: { kind: string; spec: object };
  /** All of what `npm run up` says in the end, the pod's name apart. */
  says: RegExp[];
}

const settings = "app/config/settings.py";
const append =
  (line: string) =>
  (text: string): string =>
    `${text}\n${line}\n`;

const mend = /The version before goes on serving; mend the project in app\/ and run `npm run up -- dev` again\.$/;
const pod = (reason: string): RegExp => new RegExp(`Pod kubernetes-django-\\S+ does not become ready: ${reason}`);

/** What is said of an image for which a line of the Dockerfile is to blame. */
const unbuilt = (line: number): RegExp =>
  new RegExp(`^error: The image could not be built because of line ${line} of app/Dockerfile:$`, "m");
const mendImage =
  /^What is deployed stays as it is; mend the project in app\/ \(`docker build app` shows the whole build\) and run `npm run up -- dev` again\.$/m;

/** Number of the first line of one of the project's files that begins with a text. */
function lineOf(file: string, start: string): number {
  const index = fs
    .readFileSync(file, "utf8")
    .split("\n")
    .findIndex((line) => line.startsWith(start));
  assert.notEqual(index, -1, `${file} has no line that begins with ${start}`);
  return index + 1;
}

const cases: Case[] = [
  {
    title: "a syntax error in settings.py",
    edit: [settings, append("def broken(:")],
    says: [
      pod("CrashLoopBackOff, the container ends with exit code 1"),
      /\| SyntaxError: invalid syntax/,
      /File "\/app\/config\/settings\.py", line \d+/,
      mend,
    ],
  },
  {
    title: "an image that cannot be built",
    edit: ["app/Dockerfile", (text) => text.replace("COPY . .", "COPY . .\nRUN echo no such library >&2; exit 1")],
    says: [
      unbuilt(lineOf("app/Dockerfile", "COPY . .") + 1),
      /^ {2}\| (\d+\.\d+ )?no such library$/m,
      /^ {2}\| .*process "\/bin\/sh -c echo no such library >&2; exit 1" did not complete successfully: exit code: 1$/m,
      mendImage,
    ],
  },
  {
    title: "a requirement that PyPI does not have",
    edit: ["app/requirements.txt", append(`kubernetes-django-no-such==1.0 --hash=sha256:${"0".repeat(64)}`)],
    says: [
      unbuilt(lineOf("app/Dockerfile", "RUN --mount")),
      /^ {2}\| .*ERROR: No matching distribution found for kubernetes-django-no-such==1\.0$/m,
      mendImage,
    ],
  },
  {
    title: "a dependency that is missing",
    edit: [settings, append("import not_installed")],
    says: [
      pod("CrashLoopBackOff, the container ends with exit code 1"),
      /ModuleNotFoundError: No module named 'not_installed'/,
      mend,
    ],
  },
  {
    title: "a process that exits at once",
    edit: ["app/serve.py", () => "import sys\n\nprint('Nothing to serve.')\nsys.exit(3)\n"],
    says: [pod("CrashLoopBackOff, the container ends with exit code 3"), /\| Nothing to serve\./, mend],
  },
  {
    title: "a readiness that never comes",
    edit: [
      "app/config/health.py",
      (text) => text.replaceAll('return plain_text("ok")', 'return plain_text("no", status=503)'),
    ],
    says: [
      pod("NotReady, Startup probe failed: HTTP probe failed with statuscode: 503"),
      /\| .*Service Unavailable: \/readyz|\| .*GET \/readyz/,
      /rolloutTimeoutSeconds 120 --stack dev`, and run `npm run up -- dev` again\.$/,
    ],
  },
  {
    title: "an image that does not exist on the node",
    edit: [
      "components/app/appArgs.ts",
      (text) => text.replace("image: image.reference", 'image: "bad-versions:missing"'),
    ],
    says: [
      pod("(ErrImagePull|ImagePullBackOff), image bad-versions:missing is not on the node"),
      /run `npm run doctor -- dev`/,
    ],
  },
  {
    title: "a container over its memory limit",
    edit: [settings, append("BALLAST = bytearray(b'x') * (1024 * 1024 * 1024)")],
    says: [
      pod("(OOMKilled|CrashLoopBackOff), the container .* more memory than its limit"),
      /`npm run pulumi -- config set memoryLimit 1Gi --stack dev`/,
    ],
  },
  {
    title: "a request that no node can meet",
    config: { memoryRequest: "900Gi", memoryLimit: "900Gi" },
    says: [
      pod("Unschedulable, 0/1 nodes are available: 1 Insufficient memory"),
      /lower `memoryRequest`, such as by `npm run pulumi -- config set memoryRequest 64Mi --stack dev`, or give the cluster more memory/,
    ],
  },
  {
    title: "a process that listens where nobody reaches it",
    edit: ["app/gunicorn.conf.py", (text) => text.replace("0.0.0.0", "127.0.0.1")],
    says: [
      pod(
        "NotReady, the process listens on 127\\.0\\.0\\.1:8000, and Kubernetes asks for port 8000 of the pod's address",
      ),
      /let it listen on 0\.0\.0\.0:8000, such as by its option `--bind`/,
    ],
  },
  {
    title: "a quota that lets no pod more be made",
    edit: [settings, append("# for the quota")],
    object: { kind: "ResourceQuota", spec: { hard: { pods: "1" } } },
    says: [
      // Pods of the versions before that may still be ending.
      /Deployment kubernetes-django gets no pod: FailedCreate, pods "\S+" is forbidden: exceeded quota: admin, requested: pods=1, used: pods=\d+, limited: pods=1/,
      /serving; raise the quota with `npm run kubectl -- --stack dev --namespace bad-versions edit resourcequota admin` and run `npm run up -- dev` again\.$/,
    ],
  },
  {
    title: "a limit that its pods exceed",
    edit: [settings, append("# for the limit")],
    object: { kind: "LimitRange", spec: { limits: [{ type: "Container", max: { memory: "256Mi" } }] } },
    says: [
      /gets no pod: FailedCreate, .*maximum memory usage per Container is 256Mi, but limit is 512Mi/,
      /serving; set `memoryLimit` as the LimitRange allows, with `npm run pulumi -- config set memoryLimit 256Mi --stack dev`, and run `npm run up -- dev` again\.$/,
    ],
  },
];

describe("a bad version does not replace a good one, and npm run up says why, for", () => {
  let workspace: Workspace;
  let url: string;
  let slow: Workspace;
  /** Goes on beside the tests, the last of which waits for it. */
  let slowStart: Promise<SplitResult>;

  before(async () => {
    const builder = await availableBuilder();
    const place = { target: "docker-desktop", builder, namespace, imageRepository: namespace };
    workspace = await Workspace.create(await getTools(), "dev", { ...place, debug: false });
    await workspace.pulumiOk("config", "set", "--secret", "secretKey", "k".repeat(60));
    await workspace.up();
    await giveRollouts(badSeconds);
    url = await workspace.output("url");
    await waitUntilServed(url);
    const own = { namespace: slowNamespace, imageRepository: slowNamespace, rolloutTimeoutSeconds: "300", debug: true };
    slow = await Workspace.create(await getTools(), "dev", { ...place, ...own });
    slow.edit("app/serve.py", (text) => `import time\n\ntime.sleep(130)\n\n${text}`);
    slowStart = upIn(slow);
  });
  after(async () => {
    await (slow as Workspace | undefined)?.dispose();
    await (workspace as Workspace | undefined)?.dispose();
  });

  const giveRollouts = async (seconds: string): Promise<void> => {
    await workspace.pulumiOk("config", "set", "rolloutTimeoutSeconds", seconds);
  };
  const up = ["tools/bootstrap.mjs", "up", "dev"];
  const upIn = async (place: Workspace): Promise<SplitResult> => await place.run("node", up);
  const npmUp = async (): Promise<SplitResult> => await upIn(workspace);
  const deployed = async (): Promise<string> => {
    const path = "jsonpath={.spec.template.spec.containers[0].image}";
    return await workspace.kubectl("-n", namespace, "get", "deployment", "kubernetes-django", "-o", path);
  };
  /** What the cluster's administrator does. */
  const administer = async (verb: "create" | "delete", { kind, spec }: NonNullable<Case["object"]>): Promise<void> => {
    const manifest = { apiVersion: "v1", kind, metadata: { name: "admin", namespace }, spec };
    fs.writeFileSync(`${workspace.folder}/admin.json`, JSON.stringify(manifest));
    await workspace.kubectl(verb, "--filename", "admin.json");
    if (verb === "create" && kind === "ResourceQuota") {
      // Until it is known what is used, a pod is refused for another reason.
      const used = ["-n", namespace, "get", "resourcequota", "admin", "-o", "jsonpath={.status.used.pods}"];
      await untilTrue(async () => /^\d+$/.test(await workspace.kubectl(...used)), { seconds: 120 });
    }
  };
  const restored = async (good: string): Promise<void> => {
    const { exitCode, output } = await npmUp();
    assert.equal(exitCode, 0, output);
    assert.equal(await deployed(), good, output);
  };

  for (const { title, edit, config = {}, object, says } of cases) {
    it(title, async function () {
      let original = "";
      if (edit) {
        workspace.edit(edit[0], (text) => edit[1]((original = text)));
      }
      for (const [key, value] of Object.entries(config)) {
        await workspace.pulumiOk("config", "set", key, value);
      }
      if (object) {
        await administer("create", object);
      }
      const good = await deployed();
      const start = performance.now();
      let result: Result = { exitCode: 0, output: "" };
      const load = await underLoad(url, { connections: 5, rate: 20 }, async () => {
        result = await npmUp();
      });
      const seconds = (performance.now() - start) / 1000;

      if (edit) {
        workspace.edit(edit[0], () => original);
      }
      for (const key of Object.keys(config)) {
        await workspace.pulumiOk("config", "rm", key);
      }
      if (object) {
        await administer("delete", object);
      }
      await restored(good);
      assert.match(await waitUntilServed(url), /^200/);

      assert.notEqual(result.exitCode, 0, result.output);
      for (const each of says) {
        assert.match(result.output.trimEnd(), each);
      }
      assert.doesNotMatch(result.output, /promises were still active|\^C received|<\{%|^ {2}- /m);
      assert.equal(load.failed, 0, describeLoad(load));
      figure(this, `${seconds.toFixed(1)} s, ${load.answered} requests answered meanwhile`);
    });
  }

  /** Deploys a change with `npm run up`, and afterwards what was there before. */
  const tryOut = async ([file, change]: NonNullable<Case["edit"]>, run = npmUp): Promise<SplitResult> => {
    const good = await deployed();
    let original = "";
    workspace.edit(file, (text) => change((original = text)));
    await giveRollouts(goodSeconds);
    try {
      return await run();
    } finally {
      workspace.edit(file, () => original);
      await restored(good);
      await giveRollouts(badSeconds);
    }
  };

  it("a process that fails twice and then runs, which is waited for", async () => {
    const late = `import pathlib
import sys

count = pathlib.Path("/tmp/count")
tries = len(count.read_text()) if count.exists() else 0
count.write_text("x" * (tries + 1))
if tries < 2:
    sys.exit("The database is not there.")

`;
    const { exitCode, output } = await tryOut(["app/serve.py", (text) => late + text]);
    assert.equal(exitCode, 0, output);
    assert.match(
      output,
      /… Pod kubernetes-django-\S+: CrashLoopBackOff, the container ends with exit code 1; the rollout goes on/,
    );
  });

  it("pods that no node takes for a while, which is waited for", async () => {
    // A taint would keep the pods of other tests away, too.
    const label = async (change: string): Promise<void> => {
      await workspace.kubectl("label", "nodes", "--all", `bad-versions${change}`);
    };
    const selective = (text: string): string =>
      text.replace("serviceAccountName: account,", '$& nodeSelector: { "bad-versions": "here" },');
    const upWithLabel = async (): Promise<SplitResult> => {
      const running = new RunningCommand(workspace.start("node", up));
      await running.until("Unschedulable");
      await label("=here");
      const { exitCode, stdout, all = "" } = await running.child;
      return { exitCode, stdout, output: all };
    };
    const { exitCode, output } = await tryOut(["components/app/podSpec.ts", selective], upWithLabel);
    await label("-");
    assert.equal(exitCode, 0, output);
    assert.match(output, /… Pod \S+: Unschedulable, .*didn't match Pod's node affinity\/selector/);
  });

  it("a page that fails, with its traceback and not with what the version before answers", async () => {
    const broken = (text: string): string =>
      text.replace("    context = {", '    raise RuntimeError("broken")\n    context = {');
    const { exitCode, output, stdout } = await tryOut(["app/config/views.py", broken]);
    assert.equal(exitCode, 1, output);
    assert.equal(stdout, "");
    assert.match(output, /^error: The new version answers 500 Internal Server Error at \/:$/m);
    assert.match(output, /^ {2}\| RuntimeError: broken$/m);
    assert.match(output, /^Mend the project in app\/ and run `npm run up -- dev` again\.$/m);
  });

  it("a page that is not there, which is deployed all the same", async () => {
    const gone = (text: string): string => text.replace(/if not settings\.DEBUG:\n.*\n/, "");
    const { exitCode, output, stdout } = await tryOut(["app/config/urls.py", gone]);
    assert.equal(exitCode, 0, output);
    assert.equal(stdout.trim(), url);
    assert.match(output, /✓ GET http\S+: 404 Not Found/);
  });

  it("a start that takes more than two minutes, which is waited for", async () => {
    const { exitCode, output, stdout } = await slowStart;
    assert.equal(exitCode, 0, output);
    assert.match(await waitUntilServed(stdout.trim()), /^200/);
    const restarts = "jsonpath={.items[*].status.containerStatuses[*].restartCount}";
    assert.equal(await slow.kubectl("-n", slowNamespace, "get", "pods", "-o", restarts), "0");
  });
});
