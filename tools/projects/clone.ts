import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import execa from "execa";

import { Problem } from "../../components/problem";

const checkout = path.resolve(__dirname, "../..");

/** What a command printed. */
export interface Printed {
  exitCode: number;
  stdout: string;
  /** Standard output and error, in order. */
  output: string;
}

/** A clone of this checkout and a home of its own, and beside the clone a copy of one project. */
export class Clone {
  private constructor(private readonly root: string) {}

  /**
   * @param project folder that is copied
   * @param namespace of the stack `sandbox`, and repository of its images
   */
  static async create(project: string, namespace: string): Promise<Clone> {
    const clone = new Clone(fs.mkdtempSync(path.join(os.tmpdir(), "kubernetes-django-project-")));
    const list = ["ls-files", "--cached", "--others", "--exclude-standard"];
    const { stdout } = await execa("git", list, { cwd: checkout });
    for (const file of stdout.split("\n").filter((each) => fs.existsSync(path.join(checkout, each)))) {
      fs.cpSync(path.join(checkout, file), clone.path(file));
    }
    fs.symlinkSync(path.join(checkout, "node_modules"), clone.path("node_modules"));
    fs.cpSync(project, clone.project, { recursive: true });
    // A protected volume would keep the stack from being destroyed.
    const own = { namespace, imageRepository: namespace, protectData: false };
    const lines = Object.entries(own).map(([key, value]) => `  kubernetes-django:${key}: ${value}\n`);
    fs.appendFileSync(clone.path("Pulumi.sandbox.yaml"), lines.join(""));
    const plugins = path.join(process.env["PULUMI_HOME"] ?? path.join(os.homedir(), ".pulumi"), "plugins");
    fs.mkdirSync(path.join(clone.home, ".pulumi"), { recursive: true });
    fs.mkdirSync(path.join(clone.home, "tmp"));
    fs.symlinkSync(plugins, path.join(clone.home, ".pulumi", "plugins"));
    return clone;
  }

  /** The copy of the project. */
  get project(): string {
    return path.join(this.root, "project");
  }

  private get home(): string {
    return path.join(this.root, "home");
  }

  path(...parts: string[]): string {
    return path.join(this.root, "checkout", ...parts);
  }

  /** Runs one of the npm scripts on a machine that has no kubeconfig, no Pulumi login and none of the tools. */
  async npm(script: string, args: string[], environment: NodeJS.ProcessEnv = {}): Promise<Printed> {
    const usual = Object.entries(process.env).filter(
      ([name]) => !/^(PULUMI_|DOCKER_|KUBECONFIG$|MINIKUBE_)/.test(name),
    );
    const { exitCode, stdout, all } = await execa(process.execPath, ["tools/bootstrap.mjs", script, ...args], {
      cwd: this.path(),
      env: {
        ...Object.fromEntries(usual),
        HOME: this.home,
        XDG_CACHE_HOME: process.env["XDG_CACHE_HOME"] ?? path.join(os.homedir(), ".cache"),
        XDG_DATA_HOME: process.env["XDG_DATA_HOME"] ?? path.join(os.homedir(), ".local", "share"),
        PULUMI_HOME: path.join(this.home, ".pulumi"),
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        TMPDIR: path.join(this.home, "tmp"),
        ...environment,
      },
      extendEnv: false,
      reject: false,
      all: true,
      stdin: "ignore",
    });
    return { exitCode, stdout, output: all ?? "" };
  }

  /**
   * The same.
   *
   * @returns standard output
   * @throws a `Problem` with all that was printed when the command fails
   */
  async npmOk(script: string, args: string[], environment?: NodeJS.ProcessEnv): Promise<string> {
    const { exitCode, stdout, output } = await this.npm(script, args, environment);
    if (exitCode !== 0) {
      const command = ["npm run", script, ...(args.length > 0 ? ["--", ...args] : [])].join(" ");
      throw new Problem(`\`${command}\` ended with exit code ${exitCode}`, undefined, output.split("\n"));
    }
    return stdout.trim();
  }

  /** Content of each file of the project, by its path in it. */
  files(): Map<string, string> {
    const entries = fs.readdirSync(this.project, { withFileTypes: true, recursive: true });
    return new Map(
      entries
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name))
        .map((file) => [path.relative(this.project, file), fs.readFileSync(file, "latin1")]),
    );
  }

  remove(): void {
    fs.rmSync(this.root, { recursive: true, force: true });
  }
}
