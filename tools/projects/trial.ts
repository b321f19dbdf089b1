import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { clusterEnvironment } from "../sandbox/cluster/cluster";
import { docker } from "../sandbox/cluster/dockerCli";
import { local } from "../sandbox/cluster/kinds";
import { installClusterTools } from "../sandbox/install/install";
import { Clone } from "./clone";
import type { Shape } from "./shapes";
import { user, visit, type Visit } from "./visit";

const folder = path.resolve(__dirname, "../../test/projects");
const stack = "sandbox";
/** What `init` may add to a project. */
const written = ["Dockerfile", ".dockerignore"];

/** What a deployment took, and what its users got. */
export interface Deployed extends Visit {
  /** From the command to the page that answers. */
  seconds: number;
}

/** One project of test/projects/ in the hands of somebody who has just cloned this repository. */
export class Trial {
  private constructor(
    private readonly shape: Shape,
    private readonly clone: Clone,
    private readonly files: Map<string, string>,
  ) {}

  /** Copies the project and this checkout. */
  static async create(shape: Shape): Promise<Trial> {
    const clone = await Clone.create(path.join(folder, shape.name), `project-${shape.name}`);
    for (const [from, to] of Object.entries(shape.copies ?? {})) {
      fs.copyFileSync(path.join(clone.project, from), path.join(clone.project, to));
    }
    return new Trial(shape, clone, clone.files());
  }

  /**
   * Runs `npm run init`, which has to ask which of several projects is meant and to leave every file as it is.
   *
   * @returns seconds
   */
  async init(): Promise<number> {
    const args = (...parts: string[]): string[] => [path.join(this.clone.project, ...parts), "--stack", stack];
    if (this.shape.folder !== undefined) {
      const { exitCode, output } = await this.clone.npm("init", args());
      assert.notEqual(exitCode, 0, output);
      assert.ok(output.includes(this.shape.folder), output);
    }
    const start = performance.now();
    await this.clone.npmOk("init", args(this.shape.folder ?? ""));
    const seconds = (performance.now() - start) / 1000;
    this.assertUntouched();
    return seconds;
  }

  /** Runs `npm run up` and uses the project. Throws an `Error` for the first thing that is not as it has to be. */
  async deploy(isDebug: boolean): Promise<Deployed> {
    const { clone, shape } = this;
    await this.configure("debug", String(isDebug));
    if (!isDebug) {
      await this.configure("--secret", "secretKey", "k".repeat(60));
    }
    const start = performance.now();
    const printed = await clone.npmOk("up", [stack]);
    const seconds = (performance.now() - start) / 1000;
    const url = printed.split("\n").find((line) => /^https?:/.test(line));
    assert.ok(url !== undefined, `\`npm run up\` prints no URL: ${printed}`);
    await clone.npmOk("manage", [stack, "check"]);
    if ("api" in shape.page) {
      await this.createUser();
    }
    const visited = await visit(new URL(url).origin, shape, isDebug || shape.isAlwaysDebug === true);
    this.assertUntouched();
    return { ...visited, seconds };
  }

  /** Megabytes by which the deployed image is larger than the image that it starts from. */
  async megabytes(): Promise<number> {
    const image = await this.clone.npmOk("pulumi", ["stack", "output", "image", "--stack", stack]);
    const listed = await this.docker("image", "ls", "--format", "{{.Repository}}:{{.Tag}}", "python");
    const [own, ...bases] = await Promise.all([image, ...listed.split("\n")].map((each) => this.inspect(each)));
    assert.ok(own !== undefined);
    const sizes = bases.filter(({ layers }) => own.layers.startsWith(layers)).map(({ size }) => size);
    return (own.size - Math.max(0, ...sizes)) / 1e6;
  }

  /** Destroys the stack, and removes its images and the copies. */
  async end(): Promise<void> {
    try {
      await this.clone.npmOk("down", [stack]);
      const repository = `project-${this.shape.name}`;
      const images = await this.docker("image", "ls", "--format", "{{.Repository}}:{{.Tag}}", repository);
      if (images !== "") {
        await this.docker("image", "rm", "--force", ...images.split("\n"));
      }
    } finally {
      this.clone.remove();
    }
  }

  private async configure(...args: string[]): Promise<void> {
    await this.clone.npmOk("pulumi", ["config", "set", ...args, "--stack", stack]);
  }

  private async createUser(): Promise<void> {
    const environment = {
      DJANGO_SUPERUSER_USERNAME: user.name,
      DJANGO_SUPERUSER_PASSWORD: user.password,
      DJANGO_SUPERUSER_EMAIL: "ada@example.com",
    };
    const { exitCode, output } = await this.clone.npm("manage", [stack, "createsuperuser", "--noinput"], environment);
    assert.ok(exitCode === 0 || output.includes("already taken"), output);
  }

  private assertUntouched(): void {
    const now = this.clone.files();
    const isOurs = (file: string): boolean => written.includes(path.basename(file)) && !this.files.has(file);
    const others = new Map([...now].filter(([file]) => !isOurs(file)));
    assert.deepEqual(others, this.files);
  }

  private async inspect(image: string): Promise<{ size: number; layers: string }> {
    const printed = await this.docker("image", "inspect", "--format", "{{.Size}} {{.RootFS.Layers}}", image);
    const [size = "", ...layers] = printed.replace(/[[\]]/g, "").split(" ");
    return { size: Number(size), layers: layers.join(" ") };
  }

  private async docker(...args: string[]): Promise<string> {
    return (await docker(local, await clusterEnvironment(local, await installClusterTools()), args)).trim();
  }
}
