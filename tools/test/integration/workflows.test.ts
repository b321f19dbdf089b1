import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";

import execa from "execa";
import { parse } from "yaml";

import { isRunning, startCluster, stopCluster } from "../../sandbox/cluster/cluster";
import { clusterFiles, isolated } from "../../sandbox/cluster/kinds";
import { installTool, type Tool } from "../../sandbox/install/install";
import { getTools, needPlugin } from "./helpers/cluster";
import { installFakeMinikube } from "./helpers/fakeMinikube";
import { Workspace } from "./helpers/workspace";

const project = path.resolve(__dirname, "../../..");
const workflows = path.join(project, ".github", "workflows");

const actionlint: Tool = {
  name: "actionlint",
  title: "actionlint",
  version: "1.7.12",
  executables: ["actionlint"],
  versionArguments: ["-version"],
  onPath: { accepts: ">=1.7.12" },
  ways: [
    {
      kind: "go",
      builds: [
        {
          module: "actionlint",
          package: "github.com/rhysd/actionlint/cmd/actionlint",
          output: "bin/actionlint",
          variables: { "github.com/rhysd/actionlint.version": "1.7.12" },
        },
      ],
    },
  ],
  byHand: "install actionlint 1.7.12 or newer (https://github.com/rhysd/actionlint)",
};

describe("the GitHub workflows", () => {
  it("are valid for actionlint", async () => {
    const { folder } = await installTool(actionlint);
    const files = fs.readdirSync(workflows).map((file) => path.join(workflows, file));
    const { all, exitCode } = await execa(path.join(folder, "actionlint"), files, { all: true, reject: false });
    assert.equal(exitCode, 0, all);
  });
});

interface Request {
  method: string | undefined;
  url: string | undefined;
  body: string;
}

describe("the steps of preview.yml, on a pull request against a minikube", () => {
  const steps = (
    parse(fs.readFileSync(path.join(workflows, "preview.yml"), "utf8")) as {
      jobs: Record<string, { steps: { run?: string }[] }>;
    }
  ).jobs["minikube"]?.steps.flatMap(({ run }) => run ?? []);
  const comments: { id: number; body: string; user: { login: string } }[] = [];
  const requests: Request[] = [];
  let wasRunning = true;
  let workspace: Workspace;
  let environment: NodeJS.ProcessEnv;

  /** GitHub's comments on one pull request. */
  const github = http.createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const { method, url } = request;
      requests.push({ method, url, body });
      if (method === "POST") {
        const { body: text } = JSON.parse(body) as { body: string };
        comments.push({ id: 1, body: text, user: { login: "github-actions[bot]" } });
      }
      response.end(JSON.stringify(comments));
    });
  });

  const git = async (...args: string[]): Promise<void> => {
    const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"];
    const { exitCode, output } = await workspace.run("git", [...identity, ...args]);
    assert.equal(exitCode, 0, output);
  };
  const runSteps = async (): Promise<void> => {
    for (const step of steps ?? []) {
      // As the runner starts one.
      const { exitCode, output } = await workspace.run("bash", ["-e", "-c", step], environment);
      assert.equal(exitCode, 0, `${step}\n${output}`);
    }
  };

  before(async function () {
    await needPlugin(this, "docker-build");
    wasRunning = await isRunning(isolated);
    await startCluster(isolated);
    const namespace = "preview-workflow";
    const config = { target: "minikube", debug: true, namespace, imageRepository: namespace, builder: "docker-build" };
    workspace = await Workspace.create(await getTools(), "minikube", config);
    const minikube = installFakeMinikube(path.join(workspace.folder, "home"));
    await new Promise<void>((resolve) => github.listen(0, "127.0.0.1", resolve));
    const event = path.join(workspace.folder, "home", "event.json");
    const repo = { full_name: "me/project" };
    fs.writeFileSync(event, JSON.stringify({ pull_request: { number: 7, head: { repo }, base: { repo } } }));
    environment = {
      PATH: [minikube.folder, workspace.environment["PATH"]].join(path.delimiter),
      KUBECONFIG: clusterFiles(isolated).kubeconfig,
      DOCKER_HOST: undefined,
      // A runner has no backend; the throwaway one is all there is.
      PULUMI_BACKEND_URL: undefined,
      PULUMI_CONFIG_PASSPHRASE: undefined,
      GITHUB_API_URL: `http://127.0.0.1:${(github.address() as AddressInfo).port}`,
      GITHUB_REPOSITORY: "me/project",
      GITHUB_EVENT_PATH: event,
      GITHUB_STEP_SUMMARY: path.join(workspace.folder, "home", "job-summary.md"),
      GITHUB_TOKEN: "token",
    };
    fs.writeFileSync(
      path.join(workspace.folder, ".gitignore"),
      "node_modules\nhome/\nkubeconfig\n.pulumi/\npreview.md\n",
    );
    await git("init", "--quiet", "--initial-branch", "main");
    await git("add", "--all");
    await git("commit", "--quiet", "--message", "Serve the page");
    workspace.edit("app/templates/index.html", (text) => text.replace("</title>", " edited</title>"));
    await git("commit", "--quiet", "--all", "--message", "Edit the page");
  });
  after(async () => {
    github.close();
    fs.rmSync(workspace.folder, { recursive: true, force: true });
    if (!wasRunning) {
      await stopCluster(isolated);
    }
  });

  it("write the summary to the run and to a comment", async () => {
    await runSteps();
    const summary = fs.readFileSync(path.join(workspace.folder, "preview.md"), "utf8");
    assert.match(summary, /^\*\*2 to change, 10 unchanged\*\*/m);
    assert.equal(fs.readFileSync(environment["GITHUB_STEP_SUMMARY"] ?? "", "utf8"), summary);
    assert.deepEqual(
      comments.map(({ body }) => body),
      [summary],
    );
  });

  it("edit that comment after the next push", async () => {
    workspace.edit("Pulumi.minikube.yaml", (text) =>
      text.replace("config:\n", 'config:\n  kubernetes-django:replicas: "2"\n'),
    );
    await git("commit", "--quiet", "--all", "--amend", "--no-edit");
    await runSteps();
    const last = requests.at(-1);
    assert.equal(`${last?.method ?? ""} ${last?.url ?? ""}`, "PATCH /repos/me/project/issues/comments/1");
    assert.match((JSON.parse(last?.body ?? "{}") as { body: string }).body, /- `spec\.replicas`: `1` → `2`/);
    assert.equal(comments.length, 1);
  });
});
