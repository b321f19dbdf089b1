import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import execa from "execa";

import { createStack } from "../../../pulumi/stacks";
import type { PulumiCli } from "../../../stack/stack";
import { clusterEnvironment } from "../../../sandbox/cluster/cluster";
import { clusterFiles, type ClusterKind, local } from "../../../sandbox/cluster/kinds";
import type { ClusterTools, InstalledPulumi } from "../../../sandbox/install/install";

const project = path.resolve(__dirname, "../../../..");
/** What a checkout holds that the program needs; node_modules is linked. */
const copied = ["Pulumi.yaml", "index.ts", "package.json", "package-lock.json", "tsconfig.json"].concat(
  ["app", "components", "policy", "tools"].filter((name) => fs.existsSync(path.join(project, name))),
);

/** What every stack has unless its test says otherwise: on a machine that does much else a pod may start in a minute. */
export const usual = { podSecurity: "restricted", rolloutTimeoutSeconds: "120" };

export interface Tools {
  pulumi: InstalledPulumi;
  cluster: ClusterTools;
}

export interface Result {
  exitCode: number;
  /** Standard output and error, in order. */
  output: string;
}

export interface SplitResult extends Result {
  stdout: string;
}

/** Makes a home whose Docker Desktop is a cluster's daemon, and returns the environment of a shell there. */
export function dockerDesktop(home: string, kind: ClusterKind): { HOME: string; DOCKER_HOST: string } {
  const { dockerSocket } = clusterFiles(kind);
  fs.mkdirSync(path.join(home, ".docker", "run"), { recursive: true });
  fs.symlinkSync(dockerSocket, path.join(home, ".docker", "run", "docker.sock"));
  return { HOME: home, DOCKER_HOST: `unix://${dockerSocket}` };
}

/** A copy of the project with a stack, a backend and a home of its own, deployed to an embedded cluster. */
export class Workspace {
  private constructor(
    readonly folder: string,
    readonly stack: string,
    readonly environment: NodeJS.ProcessEnv,
  ) {}

  /** A user's machine whose Docker Desktop is the local sandbox: the same context name, the same socket. */
  static async create(
    tools: Tools,
    stack: string,
    config: Record<string, string | boolean | object>,
    kind: ClusterKind = local,
  ): Promise<Workspace> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kubernetes-django-"));
    for (const name of copied) {
      fs.cpSync(path.join(project, name), path.join(folder, name), { recursive: true });
    }
    fs.symlinkSync(path.join(project, "node_modules"), path.join(folder, "node_modules"));
    const kubeconfig = path.join(folder, "kubeconfig");
    const own = fs.readFileSync(clusterFiles(kind).kubeconfig, "utf8");
    fs.writeFileSync(kubeconfig, own.replaceAll(`"${kind.context}"`, '"docker-desktop"'));
    const environment = await clusterEnvironment(kind, tools.cluster);
    const workspace = new Workspace(folder, stack, {
      ...environment,
      PATH: [tools.pulumi.cli.folder, environment["PATH"]].join(":"),
      ...dockerDesktop(path.join(folder, "home"), kind),
      XDG_CACHE_HOME: process.env["XDG_CACHE_HOME"] ?? path.join(os.homedir(), ".cache"),
      XDG_DATA_HOME: process.env["XDG_DATA_HOME"] ?? path.join(os.homedir(), ".local", "share"),
      PULUMI_HOME: process.env["PULUMI_HOME"] ?? path.join(os.homedir(), ".pulumi"),
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_CONFIG_PASSPHRASE: "integration",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      KUBECONFIG: kubeconfig,
    });
    workspace.configure(config);
    await createStack(workspace.cli);
    return workspace;
  }

  get cli(): PulumiCli {
    const { stack, folder, environment } = this;
    return { stack, folder, environment, configFile: path.join(folder, `Pulumi.${stack}.yaml`) };
  }

  /** Replaces the stack's config; a salt that is there stays, and so does what this repository's own stacks have. */
  configure(config: Record<string, string | boolean | object>): void {
    const file = path.join(this.folder, `Pulumi.${this.stack}.yaml`);
    const salt = fs.existsSync(file) ? /^encryptionsalt: .*$/m.exec(fs.readFileSync(file, "utf8"))?.[0] : undefined;
    const lines = Object.entries({ ...usual, ...config }).map(
      ([key, value]) => `  kubernetes-django:${key}: ${JSON.stringify(value)}`,
    );
    fs.writeFileSync(file, ["config:", ...lines, ...(salt ? [salt] : []), ""].join("\n"));
  }

  edit(file: string, change: (text: string) => string): void {
    const absolute = path.join(this.folder, file);
    const text = fs.readFileSync(absolute, "utf8");
    const changed = change(text);
    if (changed === text) {
      throw new Error(`The edit of ${file} changes nothing.`);
    }
    fs.writeFileSync(absolute, changed);
  }

  async pulumi(...args: string[]): Promise<Result> {
    return await this.run("pulumi", [...args, "--stack", this.stack, "--non-interactive", "--color", "never"]);
  }

  /** Runs the Pulumi CLI and fails the test with its output when it fails. */
  async pulumiOk(...args: string[]): Promise<string> {
    const { exitCode, output } = await this.pulumi(...args);
    if (exitCode !== 0) {
      throw new Error(`pulumi ${args.join(" ")} failed:\n${output}`);
    }
    return output;
  }

  async up(): Promise<string> {
    return await this.pulumiOk("up", "--yes", "--skip-preview");
  }

  async output(name: string): Promise<string> {
    return (await this.pulumiOk("stack", "output", name)).trim();
  }

  async kubectl(...args: string[]): Promise<string> {
    return (await this.run("kubectl", ["--context", "docker-desktop", ...args])).output;
  }

  /** Has the cluster delete namespaces, and fails the test when it would not. */
  async deleteNamespaces(...names: string[]): Promise<void> {
    const args = ["delete", "namespace", ...names, "--ignore-not-found", "--wait=false"];
    const { exitCode, output } = await this.run("kubectl", ["--context", "docker-desktop", ...args]);
    if (exitCode !== 0) {
      throw new Error(`${names.join(", ")} could not be deleted:\n${output}`);
    }
  }

  async docker(...args: string[]): Promise<Result> {
    return await this.run("docker", args);
  }

  /**
   * Removes the images of a repository by their names. The id of one would take every other test's name of it away, and
   * images of the same files are one.
   */
  async removeImages(repository: string): Promise<void> {
    const { output } = await this.docker("image", "ls", "--format", "{{.Repository}}:{{.Tag}}", repository);
    const images = output.split("\n").filter((line) => line.startsWith(`${repository}:`));
    if (images.length > 0) {
      await this.docker("image", "rm", "--force", ...images);
    }
  }

  async run(file: string, args: string[], environment: NodeJS.ProcessEnv = {}): Promise<SplitResult> {
    const { exitCode, stdout, all } = await this.start(file, args, environment);
    return { exitCode, stdout, output: all ?? "" };
  }

  /** Starts a command whose process the test has to do with; it does not reject. */
  start(
    file: string,
    args: string[],
    environment: NodeJS.ProcessEnv = {},
    options: execa.Options = {},
  ): execa.ExecaChildProcess {
    return execa(file, args, {
      cwd: this.folder,
      env: { ...this.environment, ...environment },
      extendEnv: false,
      reject: false,
      all: true,
      stdin: "ignore",
      ...options,
    });
  }

  /** Destroys what the stack created and removes the copy. */
  async dispose(): Promise<void> {
    await this.pulumi("destroy", "--yes", "--skip-preview");
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
