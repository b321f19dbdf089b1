import { StringDecoder } from "node:string_decoder";

import type WebSocket from "ws";

import type { KubeContext } from "../../components/targets/kubeconfig";
import { openWebSocket } from "./webSocket";

/** A container that runs. */
export interface ContainerPlace {
  namespace: string;
  pod: string;
  container: string;
}

/** The streams of a command in a container, by the number that each message begins with. */
export const channels = { stdin: 0, stdout: 1, stderr: 2, status: 3 } as const;

const limitMilliseconds = 5000;

/**
 * Runs a command in a container, and opens the WebSocket of its streams, as `openWebSocket` does.
 *
 * @param streams those that are connected; the last channel is always there, and says how the command ended
 */
export async function openExec(
  context: KubeContext,
  { namespace, pod, container }: ContainerPlace,
  { command, streams }: { command: readonly string[]; streams: readonly ("stdin" | "stdout" | "stderr")[] },
  signal: AbortSignal,
): Promise<WebSocket> {
  const words = command.map((word): [string, string] => ["command", word]);
  const connected = streams.map((name): [string, string] => [name, "true"]);
  const path = `/api/v1/namespaces/${namespace}/pods/${pod}/exec`;
  return await openWebSocket(context, { path, query: [["container", container], ...words, ...connected] }, signal);
}

/** Takes a message of such a WebSocket apart. */
export const readMessage = (data: Buffer): { channel: number; bytes: Buffer } => ({
  channel: data.readUInt8(0),
  bytes: data.subarray(1),
});

/**
 * Runs a command in a container, and returns what it printed on standard output.
 *
 * @throws when it cannot be run, or does not end within 5 s; its exit code does not matter
 */
export async function execIn(context: KubeContext, place: ContainerPlace, command: string[]): Promise<string> {
  const late = AbortSignal.timeout(limitMilliseconds);
  const tooLong = (): Error => new Error(`\`${command.join(" ")}\` does not end in ${place.pod}`);
  const socket = await openExec(context, place, { command, streams: ["stdout"] }, late).catch((error: unknown) => {
    throw late.aborted ? tooLong() : error;
  });
  const decoder = new StringDecoder();
  let printed = "";
  try {
    await new Promise<void>((resolve, reject) => {
      const giveUp = (): void => {
        reject(tooLong());
      };
      late.addEventListener("abort", giveUp);
      if (late.aborted) {
        giveUp();
      }
      socket.on("message", (data: Buffer) => {
        const { channel, bytes } = readMessage(data);
        if (channel === channels.stdout) {
          printed += decoder.write(bytes);
        } else if (channel === channels.status) {
          resolve();
        }
      });
      socket.resume();
    });
  } finally {
    socket.terminate();
  }
  return printed;
}
