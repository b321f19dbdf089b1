import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(__filename);

/** What is sent to the process. */
export type Message = { environment: NodeJS.ProcessEnv } | "read";

/**
 * The process in which the program runs, started before the engine: it loads the SDK and the program while the engine
 * is got ready, which would begin with that only then.
 */
export class LanguageHost {
  private readonly child: ChildProcess;
  private readonly bound: Promise<string>;
  private readonly ended: Promise<never>;

  constructor() {
    this.child = fork(path.join(__dirname, "serve.ts"), {
      execArgv: ["--require", require.resolve("tsx/cjs")],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    this.ended = once(this.child, "exit").then(([code, signal]) => {
      const end = String(code ?? signal);
      throw new Error(`The process that runs the program ended with ${end}; what it printed above says why.`);
    });
    this.bound = Promise.race([once(this.child, "message").then(([address]) => address as string), this.ended]);
    // They count for who asks for them.
    this.bound.catch(() => undefined);
    this.ended.catch(() => undefined);
  }

  /** Where the engine finds it, for `pulumi up --client`. */
  async address(): Promise<string> {
    return await this.bound;
  }

  /**
   * Lets the program run, up to where it reads the sources.
   *
   * @param environment what the program finds in `process.env`
   */
  async letRun(environment: NodeJS.ProcessEnv): Promise<void> {
    await this.send({ environment });
  }

  /** Lets the program read the sources, and go on. */
  async letRead(): Promise<void> {
    await this.send("read");
  }

  private async send(message: Message): Promise<void> {
    await this.bound;
    const sent = new Promise<void>((resolve) => {
      this.child.send(message, (error) => {
        // With one it has ended, which says more.
        if (error === null) {
          resolve();
        }
      });
    });
    await Promise.race([sent, this.ended]);
  }

  stop(): void {
    this.child.kill();
  }
}
