import assert from "node:assert/strict";
import fs from "node:fs";

import { waitUntilServed } from "../../commands/up";
import { availableBuilder, figure, getTools } from "./helpers/cluster";
import { describeLoad, underLoad } from "./helpers/load";
import { type Result, Workspace } from "./helpers/workspace";

const namespace = "bad-versions";

interface Case {
  title: string;
  /** File that is edited, and how. */
  edit?: [file: string, change: (text: string) => string];
  config?: Record<string, string>;
  /** All of what `npm run up` says in the end, the pod's name apart. */
  says: RegExp[];
}

const settings = "app/config/settings.py";
const append =
  (line: string) =>
  (text: string): string =>
    `${text}\n${line}\n`;

const mend = /The version before goes on serving; mend the project in app\/ and run `npm run up` again\.$/;
const pod = (reason: string): RegExp => new RegExp(`Pod kubernetes-django-\\S+ does not become ready: ${reason}`);

/** What is said of an image for which a line of the Dockerfile is to blame. */
const unbuilt = (line: number): RegExp =>
  new RegExp(`^error: The image could not be built because of line ${line} of app/Dockerfile:$`, "m");
const mendImage =
  /^What is deployed stays as it is; mend the project in app\/ \(`docker build app` shows the whole build\) and run `npm run up` again\.$/m;

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
      /rolloutTimeoutSeconds 120`\.$/,
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
      /run `npm run doctor`/,
    ],
  },
  {
    title: "a container over its memory limit",
    edit: [settings, append("BALLAST = bytearray(b'x') * (1024 * 1024 * 1024)")],
    says: [
      pod("(OOMKilled|CrashLoopBackOff), the container .* more memory than its limit"),
      /pulumi config set memoryLimit 1Gi/,
    ],
  },
  {
    title: "a request that no node can meet",
    config: { memoryRequest: "900Gi", memoryLimit: "900Gi" },
    says: [
      pod("Unschedulable, 0/1 nodes are available: 1 Insufficient memory"),
      /lower `cpuRequest` or `memoryRequest`/,
    ],
  },
];

describe("a bad version does not replace a good one, and npm run up says why, for", () => {
  let workspace: Workspace;
  let url: string;

  before(async () => {
    const builder = await availableBuilder();
    const config = { target: "docker-desktop", builder, namespace, imageRepository: namespace };
    workspace = await Workspace.create(await getTools(), "dev", { ...config, debug: false });
    await workspace.pulumiOk("config", "set", "--secret", "secretKey", "k".repeat(60));
    await workspace.up();
    url = await workspace.output("url");
    await waitUntilServed(url);
  });
  after(async () => {
    await (workspace as Workspace | undefined)?.dispose();
  });

  for (const { title, edit, config = {}, says } of cases) {
    it(title, async function () {
      let original = "";
      if (edit) {
        workspace.edit(edit[0], (text) => edit[1]((original = text)));
      }
      for (const [key, value] of Object.entries(config)) {
        await workspace.pulumiOk("config", "set", key, value);
      }
      const start = performance.now();
      let result: Result = { exitCode: 0, output: "" };
      const load = await underLoad(url, { connections: 5, rate: 20 }, async () => {
        result = await workspace.run("node", ["tools/bootstrap.mjs", "up", "dev"]);
      });
      const seconds = (performance.now() - start) / 1000;

      if (edit) {
        workspace.edit(edit[0], () => original);
      }
      for (const key of Object.keys(config)) {
        await workspace.pulumiOk("config", "rm", key);
      }
      await workspace.up();
      assert.match(await waitUntilServed(url), /^200/);
      assert.match(await workspace.up(), /Resources:\n\s+\d+ unchanged/);

      assert.notEqual(result.exitCode, 0, result.output);
      for (const each of says) {
        assert.match(result.output.trimEnd(), each);
      }
      assert.doesNotMatch(result.output, /promises were still active/);
      assert.equal(load.failed, 0, describeLoad(load));
      figure(this, `${seconds.toFixed(1)} s, ${load.answered} requests answered meanwhile`);
    });
  }
});
