import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import type { ExecaChildProcess } from "execa";

import { EventLog, eventLogEnvironment, type StampedEvent } from "../../../pulumi/engineEvents";
import { exportState, type StackState } from "../../../pulumi/state";
import { type Result, type SplitResult, usual, type Workspace } from "./workspace";

/** A user's checkout whose state is in .local/: what `npm run` leaves there, and what is left behind. */
export class Checkout {
  constructor(readonly workspace: Workspace) {
    fs.mkdirSync(this.stateFolder, { recursive: true });
    Object.assign(workspace.environment, {
      PULUMI_BACKEND_URL: `file://${this.path(".local")}`,
      ...eventLogEnvironment,
    });
  }

  path(...parts: string[]): string {
    return path.join(this.workspace.folder, ...parts);
  }

  get stateFolder(): string {
    return this.path(".local", ".pulumi");
  }

  stateFile(stack: string): string {
    return path.join(this.stateFolder, "stacks", "kubernetes-django", `${stack}.json`);
  }

  /** Writes a stack's file. The salt belongs to the workspace's passphrase, so every stack may have the same. */
  configure(stack: string, config: Record<string, string | boolean | object>): void {
    const { folder, stack: first } = this.workspace;
    const salt = /^encryptionsalt: .*$/m.exec(fs.readFileSync(path.join(folder, `Pulumi.${first}.yaml`), "utf8"))?.[0];
    const lines = Object.entries({ ...usual, ...config }).map(
      ([key, value]) => `  kubernetes-django:${key}: ${JSON.stringify(value)}`,
    );
    fs.writeFileSync(path.join(folder, `Pulumi.${stack}.yaml`), ["config:", ...lines, salt ?? "", ""].join("\n"));
  }

  /** Runs one of the project's npm scripts. */
  async npm(script: string, ...args: string[]): Promise<SplitResult> {
    return await this.npmWith({}, script, ...args);
  }

  /** The same in an environment that differs. */
  async npmWith(environment: NodeJS.ProcessEnv, script: string, ...args: string[]): Promise<SplitResult> {
    return await this.workspace.run(process.execPath, npmScript(script, args), environment);
  }

  /** Starts one in a process group of its own. */
  startNpm(environment: NodeJS.ProcessEnv, script: string, ...args: string[]): ExecaChildProcess {
    return this.workspace.start(process.execPath, npmScript(script, args), environment, { detached: true });
  }

  /** An environment whose cluster is at an address where nothing listens. */
  unreachableCluster(): { KUBECONFIG: string } {
    const file = this.path("kubeconfig-unreachable");
    const text = fs.readFileSync(this.path("kubeconfig"), "utf8");
    fs.writeFileSync(file, text.replace(/"server": "[^"]*"/, '"server": "https://127.0.0.1:9"'));
    return { KUBECONFIG: file };
  }

  /** Runs `npm run up` and fails the test with its output when it fails. */
  async up(stack: string): Promise<string> {
    const { exitCode, output } = await this.npm("up", stack);
    if (exitCode !== 0) {
      throw new Error(`npm run up -- ${stack} failed:\n${output}`);
    }
    return output;
  }

  async state(stack: string): Promise<StackState> {
    const { environment, folder } = this.workspace;
    return await exportState({ environment, folder }, stack);
  }

  /** Files of a stack's locks that are held, or were left. */
  locks(stack: string): string[] {
    const folder = path.join(this.stateFolder, "locks", "organization", "kubernetes-django", stack);
    return fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  }

  /** Removes the images of a repository, and the checkout. */
  async clean(repository: string): Promise<void> {
    const { workspace } = this;
    await workspace.removeImages(repository);
    fs.rmSync(workspace.folder, { recursive: true, force: true });
  }

  /** Starts `pulumi up`, and calls `onEvent` with each event of its engine as it comes. */
  start(stack: string, onEvent: (event: StampedEvent, pulumi: ExecaChildProcess) => void): Promise<Result> {
    const events = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "events-")), "events.json");
    const flags = ["--yes", "--skip-preview", "--non-interactive", "--color", "never", "--event-log", events];
    const pulumi = this.workspace.start("pulumi", ["up", "--stack", stack, ...flags]);
    const log = new EventLog(events, 10, (event) => {
      onEvent(event, pulumi);
    });
    return pulumi
      .then(({ exitCode, all }) => ({ exitCode, output: all ?? "" }))
      .finally(() => {
        log.stop();
        fs.rmSync(path.dirname(events), { recursive: true });
      });
  }
}

/** What package.json has node run for a script of that name. */
const npmScript = (name: string, args: string[]): string[] => ["tools/bootstrap.mjs", name, ...args];
