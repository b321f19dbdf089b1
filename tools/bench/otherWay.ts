import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { Commands } from "./commands";
import type { KubernetesObject } from "./manifests";
import type { Side } from "./side";

/** The start of every other way to the same deployment. */
export interface Start {
  /** Folder with the same app/ as the program. */
  source: string;
  environment: NodeJS.ProcessEnv;
  /** The objects that the program creates. */
  live: readonly KubernetesObject[];
  /** Host on which NodePorts are reached. */
  urlHost: string;
}

/** A way to deploy the program's objects without the program. */
export abstract class OtherWay implements Side {
  abstract readonly title: string;
  readonly commands: Commands;

  /** @param namespace of its objects, and the repository of its images */
  constructor(
    protected readonly start: Start,
    readonly namespace: string,
  ) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), `kubernetes-django-${namespace}-`));
    fs.cpSync(path.join(start.source, "app"), path.join(folder, "app"), { recursive: true });
    this.commands = new Commands(folder, start.environment);
  }

  abstract first(): Promise<void>;
  abstract unchanged(): Promise<void>;
  abstract edited(): Promise<void>;
  abstract destroyed(): Promise<void>;
  abstract settle(): Promise<void>;

  async url(): Promise<string> {
    const port = await this.kubectl("get", "services", "--output", "jsonpath={.items[0].spec.ports[0].nodePort}");
    return `http://${this.start.urlHost}:${port}/`;
  }

  /** Removes everything that this side made. */
  async dispose(): Promise<void> {
    await this.commands.clear(this.namespace);
    fs.rmSync(this.commands.folder, { recursive: true, force: true });
  }

  protected async kubectl(...args: string[]): Promise<string> {
    return await this.commands.kubectl(this.namespace, ...args);
  }

  protected write(file: string, text: string): void {
    fs.writeFileSync(path.join(this.commands.folder, file), text);
  }
}
