import type net from "node:net";

import WebSocket from "ws";

import { Demultiplexer } from "./demultiplexer";

/** How a connection through a WebSocket ended. */
export interface Outcome {
  /** What the cluster says is wrong; "" for nothing. */
  failure: string;
  /** Whether the WebSocket was cut off, instead of closed by one of its ends. */
  isCutOff: boolean;
}

export interface RelayOptions {
  /** Told of the first bytes that come from the pod. */
  onAnswer: () => void;
  /** Milliseconds of silence after which the whole is closed once one end has closed its half. */
  lingerMilliseconds: number;
  /** Cuts both ends off. */
  signal: AbortSignal;
}

const channels = { data: 0, error: 1 };
const longestFailure = 2000;
const orderly = 1000;

/**
 * Carries the bytes of a TCP connection through a port-forward WebSocket, both ways and no faster than either end reads,
 * until both are closed.
 *
 * The protocol has no half-close. A client that has closed its half still gets what the pod sends until that is silent:
 * to close the WebSocket at once would lose it. A connection that the cluster refuses or that is cut off is reset, so that
 * half of an answer is not taken for the whole.
 *
 * @param local paused, with `allowHalfOpen`, and with a listener for errors
 * @param remote paused
 */
export async function relay(local: net.Socket, remote: WebSocket, options: RelayOptions): Promise<Outcome> {
  const { signal } = options;
  if (local.closed) {
    remote.terminate();
    return { failure: "", isCutOff: false };
  }
  const running = new Relay(local, remote, options);
  const cut = (): void => {
    local.destroy();
    remote.terminate();
  };
  signal.addEventListener("abort", cut);
  const over = Promise.all([
    new Promise<void>((resolve) => {
      local.once("close", () => {
        resolve();
      });
    }),
    new Promise<void>((resolve) => {
      remote.once("close", () => {
        resolve();
      });
    }),
  ]);
  local.resume();
  remote.resume();
  if (signal.aborted) {
    cut();
  }
  await over;
  signal.removeEventListener("abort", cut);
  return running.outcome;
}

class Relay {
  readonly outcome: Outcome = { failure: "", isCutOff: false };
  private readonly answers = new Demultiplexer();
  private hasAnswered = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly local: net.Socket,
    private readonly remote: WebSocket,
    private readonly options: RelayOptions,
  ) {
    local.on("data", (bytes) => {
      this.send(bytes);
    });
    local.once("end", () => {
      this.awaitSilence();
    });
    local.once("close", () => {
      clearTimeout(this.timer);
      remote.terminate();
    });
    remote.on("message", (message: Buffer) => {
      this.receive(message);
    });
    remote.once("close", (code) => {
      this.closeLocal(code);
    });
  }

  private send(bytes: Buffer): void {
    if (this.remote.readyState !== WebSocket.OPEN) {
      return;
    }
    this.local.pause();
    this.remote.send(Buffer.concat([Buffer.of(channels.data), bytes]), (error) => {
      if (!error) {
        this.local.resume();
      }
    });
  }

  private receive(message: Buffer): void {
    const { channel, bytes } = this.answers.read(message);
    if (channel === channels.error) {
      this.outcome.failure = (this.outcome.failure + bytes.toString()).slice(0, longestFailure);
    }
    if (channel !== channels.data || bytes.length === 0) {
      return;
    }
    if (!this.hasAnswered) {
      this.hasAnswered = true;
      this.options.onAnswer();
    }
    if (!this.local.write(bytes) && !this.remote.isPaused) {
      this.remote.pause();
      this.local.once("drain", () => {
        this.remote.resume();
      });
    }
    if (this.local.readableEnded) {
      this.awaitSilence();
    }
  }

  /** Closes the WebSocket when the pod has nothing more to say to a client that has closed its half. */
  private awaitSilence(): void {
    this.later(() => {
      // An answer that is read slowly is not silence.
      if (this.remote.isPaused) {
        this.awaitSilence();
      } else {
        this.remote.close(orderly);
      }
    });
  }

  private closeLocal(code: number): void {
    const { local, outcome } = this;
    clearTimeout(this.timer);
    if (local.destroyed) {
      return;
    }
    outcome.isCutOff = code !== orderly;
    if (outcome.isCutOff || outcome.failure !== "") {
      local.resetAndDestroy();
      return;
    }
    // What the client still sends is read and dropped: with bytes unread its system would drop the answer.
    local.resume();
    local.end(() => {
      this.later(() => {
        local.destroy();
      });
    });
  }

  private later(act: () => void): void {
    clearTimeout(this.timer);
    if (!this.local.destroyed) {
      this.timer = setTimeout(act, this.options.lingerMilliseconds);
    }
  }
}
