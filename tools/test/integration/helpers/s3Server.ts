import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { freePorts } from "../../../sandbox/cluster/plan";
import { endProcess } from "../../../sandbox/cluster/processes";
import { seaweedFs } from "../../../sandbox/install/catalogue";
import { installTool } from "../../../sandbox/install/install";
import { until } from "../../../waiting";

/** A real server that speaks S3, with one bucket and one user, who may do nothing outside it. */
export class S3Server {
  readonly bucket = "backups";
  /** A text of its own: the engine hides it wherever it stands in what an update prints. */
  readonly accessKey = "s3-user-of-the-tests";
  readonly secretKey = randomBytes(12).toString("hex");
  private daemon: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    private readonly host: string,
    private readonly ports: number[],
  ) {}

  /** Starts one at an address of this machine that pods reach. */
  static async start(host: string): Promise<S3Server> {
    const { folder: tool } = await installTool(seaweedFs);
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "s3-"));
    // Each has a second one, 10000 above it.
    const server = new S3Server(folder, host, await freePorts(17000, 4));
    server.serve(path.join(tool, "weed"));
    try {
      await until(
        async () => {
          const made = await fetch(server.filer(""), { method: "POST" });
          // 409: an earlier look has made the bucket.
          if (!(made.ok || made.status === 409) || (await fetch(server.endpoint)).status !== 403) {
            throw new Error(`it answers ${made.status}`);
          }
        },
        { seconds: 120 },
      );
      return server;
    } catch (error) {
      const log = fs.readFileSync(path.join(folder, "log"), "utf8").slice(-3000);
      await server.stop();
      throw new Error(`The S3 server does not answer; its log:\n${log}`, { cause: error });
    }
  }

  get endpoint(): string {
    return `http://${this.host}:${this.ports[3] ?? 0}`;
  }

  /** Names of the files in a folder of the bucket. */
  async files(prefix: string): Promise<string[]> {
    const answer = await fetch(this.filer(`${prefix}/`), { headers: { Accept: "application/json" } });
    const { Entries: entries } = (answer.ok ? await answer.json() : { Entries: null }) as {
      Entries: { FullPath: string }[] | null;
    };
    return (entries ?? []).map(({ FullPath: name }) => path.basename(name)).sort();
  }

  /** The content of a file in the bucket. */
  async read(name: string): Promise<Buffer> {
    return Buffer.from(await (await fetch(this.filer(name))).arrayBuffer());
  }

  async stop(): Promise<void> {
    const { daemon } = this;
    await endProcess(() => (daemon?.exitCode === null && daemon.signalCode === null ? daemon.pid : undefined), 3);
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private filer(name: string): string {
    return `http://${this.host}:${this.ports[2] ?? 0}/buckets/${this.bucket}/${name}`;
  }

  private serve(executable: string): void {
    const { folder, host, ports, accessKey, secretKey, bucket } = this;
    const identity = {
      name: "backup",
      credentials: [{ accessKey, secretKey }],
      actions: ["Read", "Write", "List"].map((action) => `${action}:${bucket}`),
    };
    fs.writeFileSync(path.join(folder, "s3.json"), JSON.stringify({ identities: [identity] }), { mode: 0o600 });
    fs.mkdirSync(path.join(folder, "data"));
    const [master, volume, filer, s3] = ports.map(String);
    const flags = [
      `-dir=${path.join(folder, "data")}`,
      `-ip=${host}`,
      `-ip.bind=${host}`,
      `-master.port=${master ?? ""}`,
      "-master.volumeSizeLimitMB=64",
      "-master.telemetry=false",
      `-volume.port=${volume ?? ""}`,
      "-volume.max=10",
      "-filer",
      `-filer.port=${filer ?? ""}`,
      "-s3",
      `-s3.port=${s3 ?? ""}`,
      // What else it would listen on.
      "-s3.port.iceberg=0",
      "-s3.port.lance=0",
      `-s3.config=${path.join(folder, "s3.json")}`,
    ];
    const log = fs.openSync(path.join(folder, "log"), "w");
    this.daemon = spawn(executable, ["server", ...flags], { stdio: ["ignore", log, log] });
    fs.closeSync(log);
  }
}
