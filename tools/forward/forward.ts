import { once, setMaxListeners } from "node:events";
import net, { type AddressInfo } from "node:net";

import { Problem } from "../../components/problem";
import { podsWith } from "../logs/containerLog";
import type { Place } from "../rollout/kubernetes";
import { choosePod } from "./choosePod";
import { openPort } from "./openPort";
import { relay } from "./relay";

/** What is forwarded. */
export interface ForwardOptions extends Place {
  /** What the pods run, as it is called in the lines, such as `database`. */
  name: string;
  /** Selects the pods, also those that are made later. */
  labelSelector: string;
  remotePort: number;
  /** On 127.0.0.1; 0 for any that is free. */
  localPort: number;
  /** Ends it, and every connection. */
  signal: AbortSignal;
  /** Told why connections fail, once for each reason until one succeeds again. */
  onLine: (line: string) => void;
  /** What helps where the local port cannot be had, given another one. A clause, as in `Problem`. */
  withPort: (port: number) => string;
  /** Milliseconds that an end which has closed its half waits for the other one. @default 5000 */
  lingerMilliseconds?: number;
}

/** A port of this machine that leads to one of pods. */
export interface Forward {
  localPort: number;
  /** Resolves once `signal` has ended it and every connection is closed. */
  ended: Promise<void>;
}

export const localAddress = "127.0.0.1";

/**
 * Listens on a port of 127.0.0.1 and leads each connection to a port of a pod that runs at that time. A pod that is
 * replaced ends its own connections, and the next ones go to the new one.
 *
 * @returns once it listens
 * @throws a `Problem` where the local port cannot be had
 */
export async function holdForward(options: ForwardOptions): Promise<Forward> {
  const { signal } = options;
  const over = new AbortController();
  // Each connection listens to it.
  setMaxListeners(0, over.signal);
  const open = new Set<Promise<void>>();
  const server = net.createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true });
  await listen(server, options);
  const { port: localPort } = server.address() as AddressInfo;
  const connections = new Connections({ ...options, localPort, signal: over.signal });
  server.on("connection", (local) => {
    const connection = connections.serve(local).finally(() => open.delete(connection));
    open.add(connection);
  });
  server.on("error", ({ message }) => {
    options.onLine(message);
  });
  const closed = once(server, "close");
  const end = (): void => {
    server.close();
    over.abort();
  };
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) {
    end();
  }
  return {
    localPort,
    ended: closed.then(async () => {
      await Promise.all(open);
    }),
  };
}

async function listen(server: net.Server, { localPort, withPort }: ForwardOptions): Promise<void> {
  try {
    await once(server.listen({ host: localAddress, port: localPort }), "listening");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const help = withPort(otherPort(localPort));
    switch (code) {
      case "EADDRINUSE":
        throw new Problem(`Port ${localPort} of ${localAddress} is in use`, help);
      case "EACCES":
        throw new Problem(`Port ${localPort} of ${localAddress} is not for this user`, help);
      default:
        throw new Problem(`Nothing can listen on port ${localPort} of ${localAddress} (${message})`, help);
    }
  }
}

/** A port that is worth a try where another one cannot be had. */
export function otherPort(port: number): number {
  const step = 10_000;
  return port + step <= 65_535 ? port + step : port - step;
}

/** The connections of one forward. */
class Connections {
  /** What kind of failure was told last; undefined since a connection succeeded. */
  private told: string | undefined;
  private looking: Promise<string | undefined> | undefined;

  constructor(private readonly options: ForwardOptions) {}

  /** Leads a connection to a pod, until it has ended. Never rejects. */
  async serve(local: net.Socket): Promise<void> {
    const { signal, name, remotePort, lingerMilliseconds = 5000 } = this.options;
    local.on("error", () => undefined);
    const drop = (): void => {
      local.destroy();
    };
    signal.addEventListener("abort", drop);
    try {
      const pod = await this.lookForPod();
      if (pod === undefined) {
        this.tell("no pod", `No pod of ${name} runs: connections to ${this.address} are closed until one does`);
        return;
      }
      const unreached = `Port ${remotePort} of pod ${pod} cannot be reached`;
      const remote = await openPort({ ...this.options, pod, port: remotePort }, signal).catch((error: unknown) => {
        this.tell(`no way to ${pod}`, `${unreached}: ${(error as Error).message}`);
      });
      if (remote === undefined) {
        return;
      }
      const onAnswer = (): void => {
        this.reached(pod);
      };
      const { failure, isCutOff } = await relay(local, remote, { onAnswer, lingerMilliseconds, signal });
      if (failure !== "") {
        // The cluster's words may have a time in them, so that they differ each time.
        this.tell(`refused by ${pod}`, `${unreached}: ${failure.trim()}`);
      } else if (isCutOff) {
        this.tell(`cut off from ${pod}`, `The connection to pod ${pod} broke off`);
      }
    } catch (error) {
      this.tell("no cluster", error instanceof Problem ? error.failed : (error as Error).message);
    } finally {
      signal.removeEventListener("abort", drop);
      local.destroy();
    }
  }

  private get address(): string {
    return `${localAddress}:${this.options.localPort}`;
  }

  /** Connections that begin at once ask together. */
  private async lookForPod(): Promise<string | undefined> {
    this.looking ??= podsWith(this.options, this.options.labelSelector)
      .then((pods) => choosePod(pods)?.metadata.name)
      .finally(() => (this.looking = undefined));
    return await this.looking;
  }

  /** Says what failed, unless the last one failed in the same way. */
  private tell(failure: string, line: string): void {
    if (failure !== this.told && !this.options.signal.aborted) {
      this.told = failure;
      this.options.onLine(line);
    }
  }

  private reached(pod: string): void {
    if (this.told !== undefined) {
      this.told = undefined;
      this.options.onLine(`Connections to ${this.address} reach pod ${pod}`);
    }
  }
}
