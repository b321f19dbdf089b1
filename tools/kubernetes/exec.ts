import { PassThrough } from "node:stream";

import type { KubeContext } from "../../components/targets/kubeconfig";
import { clientConfig } from "../../components/kubernetes/signIn";

/** A container that runs. */
export interface ContainerPlace {
  namespace: string;
  pod: string;
  container: string;
}

/** What is needed of the library's WebSocket, whose types are not installed. */
interface Socket {
  close(): void;
}

const limitMilliseconds = 5000;

/**
 * Runs a command in a container, and returns what it printed on standard output.
 *
 * @throws when it cannot be run, or does not end within 5 s; its exit code does not matter
 */
export async function execIn(
  context: KubeContext,
  { namespace, pod, container }: ContainerPlace,
  command: string[],
): Promise<string> {
  const { Exec } = await import("@kubernetes/client-node");
  const output = new PassThrough();
  let printed = "";
  output.setEncoding("utf8").on("data", (text: string) => (printed += text));
  const exec = new Exec(await clientConfig(context));
  let socket: Socket | undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`\`${command.join(" ")}\` does not end in ${pod}`));
      }, limitMilliseconds);
      const begun = exec.exec(namespace, pod, container, command, output, null, null, false, () => {
        resolve();
      }) as Promise<unknown> as Promise<Socket>;
      begun.then((opened) => (socket = opened), reject);
    });
  } finally {
    clearTimeout(timer);
    socket?.close();
  }
  return printed;
}
