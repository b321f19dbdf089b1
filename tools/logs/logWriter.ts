import { once } from "node:events";

import { roleOf } from "../app/role";
import type { Pod } from "../rollout/kubernetes";

/** Where logs are shown. */
export interface LogScreen {
  /** Whether texts may be coloured. */
  hasColors: boolean;
  /** Resolves once more may be written. */
  write: (text: string) => Promise<void>;
}

/** Codes of the terminal's own colours, which its user can read; red is left to errors. */
const colors = [36, 33, 32, 35, 34, 96, 93, 92, 95, 94];

/** Such as `worker-x7k2p`: what a pod does, and the end of its name, which tells it from the others. */
export function labelOf({ metadata: { name, labels } }: Pick<Pod, "metadata">): string {
  return [roleOf(labels)?.name, name.split("-").at(-1)].filter((part) => part !== undefined).join("-");
}

/** Writes lines of logs, each with the name of its pod in front and a colour for what the pod does. */
export class LogWriter {
  private width = 0;

  /** @param names of all that may be shown, whose order decides on the colours */
  constructor(
    private readonly screen: LogScreen,
    private readonly names: readonly string[],
    private readonly hasPrefix: boolean,
  ) {}

  /** Keeps the names that are known already in a column. */
  expect(pod: Pick<Pod, "metadata">): void {
    this.width = Math.max(this.width, labelOf(pod).length);
  }

  async write(pod: Pick<Pod, "metadata">, text: string): Promise<void> {
    if (!this.hasPrefix) {
      await this.screen.write(`${text}\n`);
      return;
    }
    this.expect(pod);
    const prefix = `${labelOf(pod).padEnd(this.width)} |`;
    await this.screen.write(`${this.colored(prefix, roleOf(pod.metadata.labels)?.name ?? "")} ${text}\n`);
  }

  private colored(text: string, name: string): string {
    const color = colors[Math.max(0, this.names.indexOf(name)) % colors.length] ?? 0;
    return this.screen.hasColors ? `\u001b[${color}m${text}\u001b[39m` : text;
  }
}

/** Standard output; `onClosed` is called when nobody reads it any more, as after `| head`. */
export function standardOutput(onClosed: () => void): LogScreen {
  const { stdout } = process;
  let isClosed = false;
  stdout.on("error", () => {
    isClosed = true;
    onClosed();
  });
  return {
    hasColors: stdout.isTTY && stdout.hasColors(),
    write: async (text) => {
      if (!isClosed && !stdout.write(text)) {
        await once(stdout, "drain").catch(() => undefined);
      }
    },
  };
}
