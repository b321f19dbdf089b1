import type { ExecaChildProcess } from "execa";

/**
 * Lets a command that ends before it has read its input say why. Execa gives a command up when its input cannot be
 * written, and drops what the command printed that was not read by then.
 */
export function allowUnreadInput<T>(child: ExecaChildProcess<T>): ExecaChildProcess<T> {
  child.stdin?.removeAllListeners("error").on("error", () => undefined);
  return child;
}
