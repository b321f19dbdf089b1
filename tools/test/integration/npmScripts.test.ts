import assert from "node:assert/strict";
import fs from "node:fs";
import module from "node:module";
import os from "node:os";
import path from "node:path";

import execa from "execa";

import { isRunning } from "../../sandbox/cluster/cluster";
import { local } from "../../sandbox/cluster/kinds";
import { startCluster } from "../../sandbox/cluster/cluster";
import { skip, startedByTests, untilRunning } from "./helpers/cluster";
import { Kubectl } from "./helpers/kubectl";

const project = path.resolve(__dirname, "../../..");

/** A fresh clone of what is committed and changed here, on a machine without a kubeconfig or a Pulumi login. */
describe("npm run up and down in a fresh clone", () => {
  let folder: string;
  let home: string;
  let stackConfig: string;
  const stackFile = "Pulumi.sandbox.yaml";

  interface Result {
    exitCode: number;
    stdout: string;
    output: string;
  }

  const npm = async (...args: string[]): Promise<Result> => await run("npm", ["run", "--silent", ...args]);

  /** Runs a command as a shell of that machine does: none of the tools is on PATH. */
  const run = async (file: string, args: string[]): Promise<Result> => {
    const environment = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(PULUMI_|DOCKER_|KUBECONFIG$|MINIKUBE_)/.test(name)),
    );
    const { exitCode, stdout, all } = await execa(file, args, {
      cwd: folder,
      env: {
        ...environment,
        HOME: home,
        XDG_CACHE_HOME: process.env["XDG_CACHE_HOME"] ?? path.join(os.homedir(), ".cache"),
        XDG_DATA_HOME: process.env["XDG_DATA_HOME"] ?? path.join(os.homedir(), ".local", "share"),
        // The plugins that are there; the login that may be there stays the user's own.
        PULUMI_HOME: path.join(home, ".pulumi"),
        TMPDIR: path.join(home, "tmp"),
      },
      extendEnv: false,
      reject: false,
      all: true,
      stdin: "ignore",
    });
    return { exitCode, stdout, output: all ?? "" };
  };

  before(async function () {
    if (!startedByTests()) {
      skip(this, "the sandbox was running before the tests and stays");
    }
    // Whatever uses the sandbox keeps it from being stopped.
    await (await Kubectl.of(local)).deleteStacks();
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "kubernetes-django-clone-"));
    home = fs.mkdtempSync(path.join(os.tmpdir(), "kubernetes-django-home-"));
    const listed = await execa("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: project });
    for (const file of listed.stdout.split("\n").filter((each) => fs.existsSync(path.join(project, each)))) {
      fs.cpSync(path.join(project, file), path.join(folder, file));
    }
    fs.symlinkSync(path.join(project, "node_modules"), path.join(folder, "node_modules"));
    // It is every run's: what an earlier one kept would hide that this one keeps nothing.
    fs.rmSync(path.join(folder, "node_modules", ".cache", "compiled"), { recursive: true, force: true });
    const plugins = path.join(process.env["PULUMI_HOME"] ?? path.join(os.homedir(), ".pulumi"), "plugins");
    fs.mkdirSync(path.join(home, ".pulumi"));
    fs.mkdirSync(path.join(home, "tmp"));
    fs.symlinkSync(plugins, path.join(home, ".pulumi", "plugins"));
  });
  after(async () => {
    await startCluster(local);
    for (const each of [folder, home] as (string | undefined)[]) {
      if (each !== undefined) {
        fs.rmSync(each, { recursive: true, force: true });
      }
    }
  });

  it("pulumi sets a key of a stack that was never up, in the checkout's file", async () => {
    // A developer's own stack may be in the cluster that this starts again.
    const { exitCode, stdout, output } = await npm("pulumi", "--", "config", "set", "namespace", "fresh-clone");
    assert.equal(exitCode, 0, output);
    assert.equal(stdout, "");
    assert.equal(output, "Stack sandbox: kube context docker-desktop is not there, minikube is not there");
    stackConfig = fs.readFileSync(path.join(folder, stackFile), "utf8");
    assert.match(stackConfig, /^ {2}kubernetes-django:namespace: fresh-clone$/m);
    assert.doesNotMatch(stackConfig, /encryptionsalt/);
  });

  it("up says which stack and why, and ends with a URL that answers with Django's welcome page", async () => {
    const { exitCode, stdout, output } = await npm("up");
    assert.equal(exitCode, 0, output);
    assert.match(output, /^Stack sandbox: kube context docker-desktop is not there, minikube is not there$/m);
    assert.match(output, /^State in \.local\/, since you are logged in to no Pulumi backend; its passphrase is in /m);
    const url = stdout.trimEnd().split("\n").at(-1) ?? "";
    const response = await fetch(url);
    assert.equal(response.status, 200);
    assert.match(await response.text(), /<title>The install worked successfully! Congratulations!<\/title>/);
  });

  it("up keeps the passphrase for the owner's eyes and leaves the checkout's files alone", async () => {
    assert.equal(fs.statSync(path.join(folder, ".local", "passphrase")).mode & 0o777, 0o600);
    assert.equal(fs.readFileSync(path.join(folder, stackFile), "utf8"), stackConfig);
    await execa("git", ["check-ignore", "--quiet", ".local/passphrase"], { cwd: project });
  });

  it("has Pulumi's Node.js keep what it compiled", function () {
    if (!("enableCompileCache" in module)) {
      skip(this, `Node.js ${process.versions.node} cannot, 22.8 and newer can`);
    }
    const [version = ""] = fs.readdirSync(path.join(folder, "node_modules", ".cache", "compiled"));
    assert.match(version, /^v[0-9.]+-/);
  });

  it("a second up reports 0 changes", async () => {
    const { exitCode, output } = await npm("up");
    assert.equal(exitCode, 0, output);
    assert.match(output, /Resources:\n\s+12 unchanged\n/);
  });

  it("kubectl shows the stack's pods", async () => {
    const { stdout, output } = await npm("kubectl", "--", "get", "pods", "--output", "name");
    assert.match(stdout, /^pod\/kubernetes-django-[a-z0-9-]+$/, output);
  });

  it("pulumi's exit code and streams are the CLI's", async () => {
    const found = await npm("pulumi", "--", "config", "get", "namespace", "--stack", "sandbox");
    assert.deepEqual([found.exitCode, found.output], [0, "fresh-clone"]);
    const missing = await npm("pulumi", "--", "config", "get", "nothing", "--stack", "sandbox");
    assert.deepEqual([missing.exitCode !== 0, missing.stdout], [true, ""]);
    assert.match(missing.output, /configuration key 'nothing' not found/);
  });

  /** The commands that an output advises in the end, to run one after the other. */
  const advisedIn = (output: string): string[] => {
    const [, commands = ""] = [...output.matchAll(/\brun ((`[^`]+`( and (run )?)?)+)/g)].at(-1) ?? [];
    return [...commands.matchAll(/`([^`]+)`/g)].map(([, command = ""]) => command);
  };

  it("up names commands that help, run to the letter", async () => {
    const mistakes = {
      builder: "kaniko",
      debug: "false",
      secretKey: "published",
      replicas: "0",
      memoryRequest: "520Mi",
      serviceType: "LoadBalancer",
      databse: "sqlite",
    };
    const file = path.join(folder, stackFile);
    const lines = Object.entries(mistakes).map(([key, value]) => `  kubernetes-django:${key}: "${value}"\n`);
    fs.writeFileSync(file, stackConfig.replace(/^ {2}kubernetes-django:debug: .*\n/m, "") + lines.join(""));
    const up = "npm run up -- sandbox";
    const commands: string[] = [];
    let result = await run("sh", ["-c", up]);
    let advised = advisedIn(result.output);
    while (advised.length > 0 && commands.length < 10) {
      for (const command of advised.filter((each) => each !== up)) {
        const mended = await run("sh", ["-c", command]);
        assert.equal(mended.exitCode, 0, `${result.output}\n${command}\n${mended.output}`);
      }
      commands.push(...advised);
      result = await run("sh", ["-c", up]);
      advised = advisedIn(result.output);
    }
    assert.deepEqual(commands, [
      "npm run pulumi -- config rm databse --stack sandbox",
      "npm run pulumi -- config set builder auto --stack sandbox",
      'npm run pulumi -- config set --secret secretKey "$(openssl rand -base64 48)" --stack sandbox',
      "npm run pulumi -- config set memoryLimit 520Mi --stack sandbox",
      "npm run pulumi -- config set serviceType NodePort --stack sandbox",
      "npm run pulumi -- config set replicas 1 --stack sandbox",
      up,
    ]);
    assert.equal(result.exitCode, 0, result.output);
    assert.match(fs.readFileSync(file, "utf8"), /kubernetes-django:secretKey:\n\s+secure: /);
  });

  it("doctor names a command that deletes another checkout's namespace, run to the letter", async () => {
    const kubectl = await Kubectl.of(local);
    await kubectl.makeNamespace("left-behind");
    const labels = { app: "django" };
    await kubectl.apply({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "kubernetes-django", namespace: "left-behind", labels },
      spec: {
        replicas: 0,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: "page", image: "left-behind" }] } },
      },
    });
    const { exitCode, output } = await npm("doctor", "--", "sandbox");
    assert.equal(exitCode, 0, output);
    const [command = ""] = output
      .split("\n")
      .flatMap(advisedIn)
      .filter((each) => each.includes("left-behind"));
    assert.match(command, /^npm run kubectl -- --stack sandbox --context \S+ delete namespace left-behind$/);
    const deleted = await run("sh", ["-c", command]);
    assert.equal(deleted.exitCode, 0, deleted.output);
    assert.match(deleted.output, /^namespace "left-behind" deleted/m);
  });

  it("drift finds none, and no command left anything in the temporary folder", async () => {
    const { exitCode, output } = await npm("drift", "--", "sandbox");
    assert.equal(exitCode, 0, output);
    assert.deepEqual(fs.readdirSync(path.join(home, "tmp")), []);
  });

  it("up of a stack that is not there names those that are", async () => {
    const { exitCode, output } = await npm("up", "--", "production");
    assert.equal(exitCode, 1);
    assert.equal(
      output.trim(),
      'Stack production, as you asked\nerror: There is no stack "production" (Pulumi.production.yaml is missing): there are cluster, dev, minikube, sandbox; run `npm run up`, which chooses one for this machine.',
    );
  });

  it("down destroys the stack and stops the cluster with the last one", async () => {
    const kubectl = await Kubectl.of(local);
    await kubectl.makeNamespace("another-stack");
    const { exitCode, output } = await npm("down");
    assert.equal(exitCode, 0, output);
    assert.match(output, /12 deleted/);
    assert.match(output, /^The local sandbox goes on running: a stack runs in namespace another-stack$/m);
    await untilRunning(local);
    // One that is being deleted counts no more.
    await kubectl.deleteNamespace("another-stack");
    // One whose API does not answer in time is not stopped.
    await untilRunning(local);
    assert.equal((await npm("down")).exitCode, 0);
    assert.equal(await isRunning(local), false);
    const manage = await npm("manage", "--", "sandbox", "check");
    assert.equal(manage.exitCode, 1);
    assert.match(
      manage.output,
      /^error: manage\.py runs in a pod of stack sandbox, and the cluster of kube context "\S+" at https:\S+ cannot be reached \(\w+\); run `npm run up -- sandbox`\.$/,
    );
  });
});
