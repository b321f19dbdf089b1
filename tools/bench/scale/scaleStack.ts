import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { stringify } from "yaml";

import { pulumiCommand } from "../../pulumi/cli";
import { stateFile } from "../../pulumi/ownState";
import { createStack } from "../../pulumi/stacks";
import { readStateFile } from "../../pulumi/state";
import { readStackFile } from "../../stack/stackFiles";
import { clusterFiles } from "../../sandbox/cluster/kinds";
import { endOf, type Run, runBounded } from "./boundedRun";
import { appEntries, type Images } from "./entries";
import { fake } from "./fakeCluster";

const stack = "scale";
const project = "kubernetes-django-scale";
const program = path.join(__dirname, "program");

/** One command on the stack. */
export interface Step extends Run {
  /** Seconds from the engine's first step to its last, as Pulumi says; an update's are whole ones. */
  engineSeconds?: number;
  /** What it printed, in bytes. */
  printedBytes: number;
}

/** What an operation is run with besides the usual. */
export interface Variant {
  flags?: string[];
  environment?: NodeJS.ProcessEnv;
}

/** The program's stack with a number of apps, a backend in a folder of its own, on the fake cluster. */
export class ScaleStack {
  private readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "kubernetes-django-scale-"));
  private readonly environment: NodeJS.ProcessEnv;

  private constructor(
    private readonly apps: number,
    environment: NodeJS.ProcessEnv,
    private readonly limitSeconds: number,
    readonly signal: AbortSignal,
  ) {
    this.environment = {
      ...environment,
      PULUMI_BACKEND_URL: `file://${this.folder}`,
      PULUMI_CONFIG_PASSPHRASE: "scale",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
  }

  /** @param environment with the tools on PATH */
  static async create(
    apps: number,
    environment: NodeJS.ProcessEnv,
    limitSeconds: number,
    signal: AbortSignal,
  ): Promise<ScaleStack> {
    const made = new ScaleStack(apps, environment, limitSeconds, signal);
    const { folder } = made;
    // A stack is made in the folder of its project, and its salt is to land here.
    fs.copyFileSync(path.join(program, "Pulumi.yaml"), path.join(folder, "Pulumi.yaml"));
    await createStack({ stack, folder, environment: made.environment });
    made.configure({ image: 1 });
    return made;
  }

  /** Chooses the image of the apps. */
  configure(images: Images): void {
    const { encryptionsalt } = readStackFile(this.configFile) ?? {};
    const { image, apps } = appEntries(this.apps, images);
    const values = { image, apps, kubeContext: fake.context, kubeconfig: clusterFiles(fake).kubeconfig };
    const config = Object.fromEntries(Object.entries(values).map(([key, value]) => [`${project}:${key}`, value]));
    fs.writeFileSync(this.configFile, stringify({ config, encryptionsalt }));
  }

  async up(variant: Variant = {}): Promise<Step> {
    return await this.run(["up", "--yes", "--skip-preview"], variant);
  }

  /** The same again. Throws when that changed something. */
  async noop(): Promise<Step> {
    const step = await this.up();
    if (step.finished && !/Resources:\n\s+\d+ unchanged\n/.test(endOf(this.outputFile))) {
      throw new Error(`A second \`pulumi up\` changed something:\n${endOf(this.outputFile)}`);
    }
    return step;
  }

  async preview(...flags: string[]): Promise<Step> {
    return await this.run(["preview", ...flags]);
  }

  async destroy(): Promise<Step> {
    return await this.run(["destroy", "--yes", "--skip-preview"]);
  }

  /** Bytes of the state, and how many resources it holds: all of them, unless an update was ended. */
  state(): { bytes: number; resources: number } {
    const file = stateFile(path.join(this.folder, ".pulumi"), stack, project);
    return { bytes: fs.statSync(file).size, resources: readStateFile(file)?.resources?.length ?? 0 };
  }

  /** Forgets the stack; what it made goes with its cluster. */
  dispose(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private get configFile(): string {
    return path.join(this.folder, `Pulumi.${stack}.yaml`);
  }

  private get outputFile(): string {
    return path.join(this.folder, "output.txt");
  }

  private async run(operation: string[], { flags = [], environment = {} }: Variant = {}): Promise<Step> {
    const call = { stack, configFile: this.configFile, folder: program };
    const [file, args, options] = pulumiCommand([...operation, ...flags], {
      ...call,
      environment: { ...this.environment, ...environment },
    });
    const run = await runBounded([file, ...args], {
      ...options,
      limitSeconds: this.limitSeconds,
      signal: this.signal,
      outputFile: this.outputFile,
    });
    const engineSeconds = parseEngineSeconds(endOf(this.outputFile));
    const printedBytes = fs.statSync(this.outputFile).size;
    return { ...run, printedBytes, ...(engineSeconds === undefined ? {} : { engineSeconds }) };
  }
}

/** The engine's own time at the end of what Pulumi prints: `Duration: 1m23s`, or in JSON nanoseconds. */
export function parseEngineSeconds(end: string): number | undefined {
  const nanoseconds = /"duration": (\d+)/.exec(end)?.[1];
  if (nanoseconds !== undefined) {
    return Number(nanoseconds) / 1e9;
  }
  const [, hours = 0, minutes = 0, seconds] = /Duration: (?:(\d+)h)?(?:(\d+)m)?(\d+)s/.exec(end) ?? [];
  return seconds === undefined ? undefined : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}
