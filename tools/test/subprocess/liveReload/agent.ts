import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams as Child, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import readline from "node:readline";

import type { TemporaryFolder } from "../../../../test/unit/helpers/folders";
import { until } from "../../../waiting";

export const agentFile = path.join(__dirname, "../../../../components/liveReload/agent/agent.py");
/** The interpreter itself, not a shim that finds it anew each time; "" where there is none. */
export const python = findPython();

function findPython(): string {
  try {
    const find = "import sys; print(sys.executable)";
    return execFileSync("python3", ["-c", find], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return "";
  }
}

/** Skips a suite where the agent cannot run: it needs Python 3, and processes as Linux has them. */
export function needsPython(): void {
  before(function () {
    if (python === "" || process.platform !== "linux") {
      this.test?.parent?.eachTest((each) => {
        each.title += " (skipped: the agent needs Linux and python3)";
      });
      this.skip();
    }
  });
}
/** Longer than a loaded machine takes: nothing here measures time. */
export const soon = { seconds: 60, pauseMilliseconds: 5 };

export type Answer = Record<string, unknown>;

export interface Batch {
  /** Paths below the project to their contents. */
  files?: Record<string, string>;
  modes?: Record<string, number>;
  remove?: string[];
  folders?: string[];
  links?: Record<string, string>;
  then?: "restart" | "templates" | "nothing";
}

/** One stream of a developer's machine. */
export class Stream {
  private readonly lines: AsyncIterator<string>;
  private changes = 0;

  constructor(
    readonly process: Child,
    private readonly root: string,
  ) {
    this.lines = readline.createInterface({ input: process.stdout })[Symbol.asyncIterator]();
  }

  write(data: string): void {
    this.process.stdin.write(data);
  }

  send(message: Answer): void {
    this.write(`${JSON.stringify(message)}\n`);
  }

  /** The next answer; undefined at the end of the stream. */
  async answer(): Promise<Answer | undefined> {
    const line = await this.lines.next();
    return line.done === true ? undefined : (JSON.parse(line.value) as Answer);
  }

  async exitCode(): Promise<number | null> {
    return await exitOf(this.process);
  }

  /** Says that the project has exactly these files, and what the image had. */
  async open(files: Record<string, string>, more: Answer = {}): Promise<Answer | undefined> {
    const listed = Object.entries(files).map(([name, content]) => {
      const digest = createHash("sha1").update(content).digest("hex");
      return [path.join(this.root, name), 0o644, Buffer.byteLength(content), digest];
    });
    this.send({ do: "open", base: [], files: listed, links: [], folders: [], debugger: false, ...more });
    return await this.answer();
  }

  begin({ files = {}, modes = {}, remove = [], folders = [], links = {}, then = "nothing" }: Batch): void {
    const inPod = (name: string): string => path.join(this.root, name);
    this.changes += 1;
    this.send({
      do: "change",
      id: this.changes,
      remove: remove.map(inPod),
      folders: folders.map(inPod),
      links: Object.entries(links).map(([name, target]) => [inPod(name), target]),
      files: Object.entries(files).map(([name, text]) => [inPod(name), modes[name] ?? 0o644, Buffer.byteLength(text)]),
      then,
    });
    this.write(Object.values(files).join(""));
  }

  async change(batch: Batch): Promise<Answer | undefined> {
    this.begin(batch);
    return await this.answer();
  }

  /** Saves a file for which the program is restarted. */
  async restart(files: Record<string, string>): Promise<Answer | undefined> {
    return await this.change({ files, then: "restart" });
  }
}

/** Agents of a suite, each on the folder `app` of the test's own folder. */
export class Agents {
  /** What programs and agents printed on standard error. */
  errors = "";
  private readonly running: Child[] = [];
  private readonly environment: () => NodeJS.ProcessEnv;

  /** @param limits other values of the agent's constants, by their names, for a copy of it */
  constructor(
    private readonly folder: TemporaryFolder,
    private readonly limits: Record<string, number> = {},
  ) {
    this.environment = () => ({
      PATH: `${path.dirname(python)}:${process.env.PATH}`,
      LIVE_RELOAD_STATE: folder.path("state"),
      LIVE_RELOAD_ROOTS: folder.path("app"),
      PYTHONPATH: folder.path("site-packages"),
    });
    afterEach(async () => {
      await Promise.all(this.running.splice(0).map(ended));
      this.errors = "";
    });
  }

  start(command: string[], { port, grace }: { port?: number; grace?: number } = {}): Child {
    const options = [...(port ? ["--port", `${port}`] : []), ...(grace === undefined ? [] : ["--grace", `${grace}`])];
    const agent = this.spawn(["run", ...options, "--", ...command]);
    agent.stderr.on("data", (data: Buffer) => (this.errors += data.toString()));
    return agent;
  }

  stream(): Stream {
    return new Stream(this.spawn(["sync"]), this.folder.path("app"));
  }

  private agent(): string {
    if (Object.keys(this.limits).length === 0) {
      return agentFile;
    }
    const copy = this.folder.path("agent");
    fs.cpSync(path.dirname(agentFile), copy, { recursive: true });
    const supervisor = path.join(copy, "supervisor.py");
    let code = fs.readFileSync(supervisor, "utf8");
    for (const [name, seconds] of Object.entries(this.limits)) {
      const limit = new RegExp(`^${name} = .*$`, "m");
      assert.match(code, limit);
      code = code.replace(limit, `${name} = ${seconds}`);
    }
    fs.writeFileSync(supervisor, code);
    return path.join(copy, "agent.py");
  }

  private spawn(words: string[]): Child {
    const cwd = this.folder.path("app");
    const child = spawn(python, [this.agent(), ...words], { cwd, env: this.environment() });
    this.running.push(child);
    return child;
  }
}

async function ended(child: Child): Promise<void> {
  // What it started has to end with it.
  child.kill("SIGKILL");
  await exitOf(child);
}

/** Waits for the end of a process; null if a signal ended it. */
export async function exitOf(child: Child): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    await once(child, "exit");
  }
  return child.exitCode;
}

export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A server in Python whose page is the value of an expression, which may need lines before it. */
export const serverOf = (port: number, value: string, before = ""): string => `
import http.server, os, sys
${before}
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = str(${value}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args): pass
http.server.HTTPServer(("127.0.0.1", ${port}), Handler).serve_forever()
`;

/** The text of the page, once anything answers on the port. */
export async function page(port: number): Promise<string> {
  return await until(async () => await (await fetch(`http://127.0.0.1:${port}/`)).text(), soon);
}

/** Waits until a look returns what is expected. */
export async function untilEqual(expected: string, look: () => string): Promise<void> {
  await until(() => {
    const found = look();
    if (found !== expected) {
      throw new Error(found);
    }
  }, soon);
}

/** What stands in a file, once it is there. */
export async function written(file: string): Promise<string> {
  return await until(() => fs.readFileSync(file, "utf8"), soon);
}
