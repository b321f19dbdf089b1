import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { Commands } from "./commands";
import { type KubernetesObject, manifestsFrom } from "./manifests";
import type { Side } from "./side";

const namespace = "bench-by-hand";
const deployment = "kubernetes-django";
const container = "django-web";
const manifestFile = "manifests.json";
const rolloutTimeout = "60s";

/** The commands of someone who has a Dockerfile and manifests: the very objects that the program creates. */
export class ByHand implements Side {
  readonly title = "by hand";
  readonly namespace = namespace;
  readonly commands: Commands;
  private version = 0;

  /**
   * @param source folder with the same app/ as ours
   * @param urlHost host on which NodePorts are reached
   */
  constructor(
    source: string,
    environment: NodeJS.ProcessEnv,
    private readonly live: readonly KubernetesObject[],
    private readonly urlHost = "localhost",
  ) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kubernetes-django-by-hand-"));
    fs.cpSync(path.join(source, "app"), path.join(folder, "app"), { recursive: true });
    this.commands = new Commands(folder, environment);
    this.writeManifests();
  }

  async first(): Promise<void> {
    await this.apply();
  }

  async unchanged(): Promise<void> {
    await this.apply();
  }

  async edited(): Promise<void> {
    this.version++;
    await this.build();
    await this.kubectl("set", "image", `deployment/${deployment}`, `${container}=${this.image}`);
    await this.rolledOut();
  }

  async destroyed(): Promise<void> {
    await this.kubectl("delete", "namespace", namespace, "--ignore-not-found");
  }

  async url(): Promise<string> {
    const port = await this.kubectl("get", "services", "--output", "jsonpath={.items[0].spec.ports[0].nodePort}");
    return `http://${this.urlHost}:${port}/`;
  }

  /** Brings the manifests up to the edited image, so that applying them again changes nothing. */
  async settle(): Promise<void> {
    this.writeManifests();
    await this.apply();
  }

  /** Ends everything this side made. */
  async dispose(): Promise<void> {
    await this.commands.clear(namespace);
    fs.rmSync(this.commands.folder, { recursive: true, force: true });
  }

  private get image(): string {
    return `${namespace}:${this.version}`;
  }

  private writeManifests(): void {
    const items = manifestsFrom(this.live, { namespace, image: this.image });
    const list = { apiVersion: "v1", kind: "List", items };
    fs.writeFileSync(path.join(this.commands.folder, manifestFile), JSON.stringify(list, undefined, 2));
  }

  private async apply(): Promise<void> {
    await this.build();
    await this.kubectl("apply", "--filename", manifestFile);
    await this.rolledOut();
  }

  private async build(): Promise<void> {
    await this.commands.run("docker", "build", "--tag", this.image, "app");
  }

  private async rolledOut(): Promise<void> {
    await this.kubectl("rollout", "status", `deployment/${deployment}`, "--timeout", rolloutTimeout);
  }

  private async kubectl(...args: string[]): Promise<string> {
    return await this.commands.kubectl(namespace, ...args);
  }
}
