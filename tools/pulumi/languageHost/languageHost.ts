import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

import { Problem } from "../../../components/problem";

/** What is sent to the process. */
export interface Order {
  environment: NodeJS.ProcessEnv;
}

/** What the process says: where it answers. */
export interface Report {
  address: string;
}

/** The process in which the program runs. It starts before the engine, and loads the SDK and the program meanwhile. */
export class LanguageHost {
  private readonly child: ChildProcess;
  private readonly bound: Promise<string>;
  private readonly ended: Promise<never>;

  constructor() {
    this.child = fork(path.join(__dirname, "serve.ts"), {
      execArgv: ["--require", path.resolve(__dirname, "../../loadTypeScript.cjs")],
      // Standard output is left to what the command is asked for.
      stdio: ["ignore", process.stderr.fd, "inherit", "ipc"],
    });
    this.ended = once(this.child, "exit").then(([code, signal]) => {
      const end = String(code ?? signal);
      throw new Problem(`The process that runs the program ended with ${end}`, "what it printed above says why");
    });
    let bind: (address: string) => void;
    this.bound = Promise.race([new Promise<string>((resolve) => (bind = resolve)), this.ended]);
    this.child.on("message", ({ address }: Report) => {
      bind(address);
    });
    for (const promise of [this.ended, this.bound]) {
      // Its failure is for the caller that waits for it.
      promise.catch(() => undefined);
    }
  }

  /** Where the engine reaches it, for `pulumi up --client`. */
  async address(): Promise<string> {
    return await this.bound;
  }

  /** Sets what the program finds in `process.env`; the engine's request waits for it. */
  async setEnvironment(environment: NodeJS.ProcessEnv): Promise<void> {
    await this.send({ environment });
  }

  private async send(order: Order): Promise<void> {
    await this.bound;
    const sent = new Promise<void>((resolve) => {
      this.child.send(order, (error) => {
        // On an error the process has ended, and `ended` says how.
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
