import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import https from "node:https";
import os from "node:os";
import path from "node:path";

import execa from "execa";
import { stringify } from "yaml";

import { authority, issue, writePair } from "../../../sandbox/cluster/pki";
import { freePorts } from "../../../sandbox/cluster/plan";
import { endProcess } from "../../../sandbox/cluster/processes";
import { dockerRegistry } from "../../../sandbox/install/catalogue";
import { installTool } from "../../../sandbox/install/install";
import { until } from "../../../waiting";

/** This machine's address in the network of the sandbox `pair`: one name by which it and both nodes reach the registry. */
const host = "192.168.50.1";
const username = "developer";

const manifestTypes = [
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
];

/** A real registry that asks for a password, behind a certificate of an authority of its own. */
export class Registry {
  readonly username = username;
  readonly password = randomBytes(12).toString("hex");

  private constructor(
    private readonly folder: string,
    private readonly port: number,
  ) {}

  /** Starts one; the sandbox whose network it is named after need not run yet. */
  static async start(): Promise<Registry> {
    const tool = await installTool(dockerRegistry);
    const [port = 0] = await freePorts(15000, 1);
    const registry = new Registry(fs.mkdtempSync(path.join(os.tmpdir(), "registry-")), port);
    await registry.configure();
    registry.serve(path.join(tool.folder, "docker-registry"));
    try {
      await until(async () => await registry.images(), { seconds: 120 });
      return registry;
    } catch (error) {
      const log = fs.readFileSync(registry.path("log"), "utf8");
      await registry.stop();
      throw new Error(`The registry does not answer; its log:\n${log}`, { cause: error });
    }
  }

  /** `host:port`, with which the names of its images begin. */
  get address(): string {
    return `${host}:${this.port}`;
  }

  /** File with the authority's certificate. */
  get caFile(): string {
    return this.path("registry-ca.pem");
  }

  /** What a Docker client has in its config.json, and a Secret of type kubernetes.io/dockerconfigjson. */
  get dockerConfig(): string {
    const auth = Buffer.from(`${username}:${this.password}`).toString("base64");
    return JSON.stringify({ auths: { [this.address]: { username, password: this.password, auth } } });
  }

  /** Everything it has, as `repository:tag`. */
  async images(): Promise<string[]> {
    const { repositories } = JSON.parse((await this.get("/v2/_catalog")).body) as { repositories: string[] };
    const lists = await Promise.all(
      repositories.map(async (repository) => {
        const { tags } = JSON.parse((await this.get(`/v2/${repository}/tags/list`)).body) as { tags: string[] | null };
        return (tags ?? []).map((tag) => `${repository}:${tag}`);
      }),
    );
    return lists.flat().sort();
  }

  /** Digest of an image's manifest, or undefined when it has none of that name. */
  async digest(repository: string, reference: string): Promise<string | undefined> {
    return (await this.get(`/v2/${repository}/manifests/${reference}`)).digest;
  }

  /** The platforms of an image that was built for several, as `linux/arm64`. */
  async platforms(repository: string, reference: string): Promise<string[]> {
    const { manifests = [] } = JSON.parse((await this.get(`/v2/${repository}/manifests/${reference}`)).body) as {
      manifests?: { platform: { os: string; architecture: string; variant?: string } }[];
    };
    return manifests
      .map(({ platform: { os, architecture, variant } }) => [os, architecture, variant].filter(Boolean).join("/"))
      .filter((platform) => !platform.startsWith("unknown"))
      .sort();
  }

  /** Ends it and removes what it stored. */
  async stop(): Promise<void> {
    const { daemon } = this;
    await endProcess(() => (daemon?.exitCode === null && daemon.signalCode === null ? daemon.pid : undefined), 3);
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private daemon: ChildProcess | undefined;

  private path(name: string): string {
    return path.join(this.folder, name);
  }

  private async configure(): Promise<void> {
    const ca = await authority(this.folder, "registry-ca");
    const names = [host, "127.0.0.1"].map((value) => ({ type: "ip" as const, value }));
    await writePair(this.folder, "registry", await issue(ca, "CN=registry", names));
    // The registry wants bcrypt, which the C library of Debian has and Node has not.
    const hash = [
      "-e",
      'print crypt($ARGV[0], "\\$2y\\$05\\$" . $ARGV[1])',
      this.password,
      randomBytes(11).toString("hex"),
    ];
    fs.writeFileSync(this.path("htpasswd"), `${username}:${(await execa("perl", hash)).stdout}\n`);
    const settings = {
      version: "0.1",
      log: { level: "warn", accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: this.path("storage") }, delete: { enabled: true } },
      http: {
        addr: `0.0.0.0:${this.port}`,
        secret: randomBytes(12).toString("hex"),
        tls: { certificate: this.path("registry.pem"), key: this.path("registry-key.pem") },
      },
      auth: { htpasswd: { realm: "registry", path: this.path("htpasswd") } },
    };
    fs.writeFileSync(this.path("config.yml"), stringify(settings));
  }

  private serve(executable: string): void {
    const log = fs.openSync(this.path("log"), "w");
    this.daemon = spawn(executable, ["serve", this.path("config.yml")], { stdio: ["ignore", log, log] });
    fs.closeSync(log);
  }

  private async get(url: string): Promise<{ body: string; digest: string | undefined }> {
    return await new Promise((resolve, reject) => {
      const options = { host: "127.0.0.1", port: this.port, path: url, agent: false, ca: fs.readFileSync(this.caFile) };
      const auth = `${username}:${this.password}`;
      const headers = { Accept: manifestTypes.join(", ") };
      const request = https.get({ ...options, auth, headers }, (response) => {
        let body = "";
        response.on("data", (chunk: Buffer) => (body += chunk.toString()));
        response.on("end", () => {
          const digest = response.statusCode === 200 ? response.headers["docker-content-digest"] : undefined;
          resolve({ body, digest: digest?.toString() });
        });
      });
      request.on("error", reject);
    });
  }
}
