import execa from "execa";

import type { Commands } from "../commands";

/** One line for each change: name, start of the container, whether it is ready. */
const line = "{.metadata.name} {..state.running.startedAt} {..containerStatuses[0].ready}{'\\n'}";

/** When the API server told of a pod's steps, as time of day in milliseconds; its own stamps have whole seconds only. */
export interface PodTimes {
  created: number;
  started: number;
  ready: number;
}

/** Watches a namespace's pods until `stop`, which tells the times of the last one created. */
export class PodWatch {
  private readonly times = new Map<string, Partial<PodTimes>>();
  private readonly child: execa.ExecaChildProcess;

  constructor(commands: Commands, namespace: string) {
    const args = ["--context", "docker-desktop", "--namespace", namespace, "--watch-only"];
    this.child = execa("kubectl", ["get", "pods", ...args, "--output", `jsonpath=${line}`], {
      cwd: commands.folder,
      env: commands.environment,
      extendEnv: false,
      reject: false,
    });
    this.child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      for (const change of text.split("\n").filter((each) => each !== "")) {
        this.note(change, performance.timeOrigin + performance.now());
      }
    });
  }

  async stop(): Promise<Partial<PodTimes>> {
    this.child.kill();
    await this.child;
    return [...this.times.values()].at(-1) ?? {};
  }

  private note(change: string, now: number): void {
    const [name = "", started = "", ready] = change.split(" ");
    const isNew = started === "";
    const pod = this.times.get(name) ?? (isNew ? { created: now } : undefined);
    if (pod === undefined) {
      // The old one, on its way out.
      return;
    }
    if (!isNew) {
      pod.started ??= now;
    }
    if (ready === "true") {
      pod.ready ??= now;
    }
    this.times.set(name, pod);
  }
}
