import { Problem } from "../../../components/problem";

/** Two ends of a forward. */
export interface Ports {
  /** On this machine; 0 for any that is free. */
  local: number;
  remote: number;
}

const largest = 65_535;

/**
 * Reads `PORT` or `LOCAL:PORT`.
 *
 * @throws a `Problem` for anything else
 */
export function readPorts(text: string): Ports {
  const [, left, right = ""] = /^(?:(\d+):)?(\d+)$/.exec(text) ?? [];
  const remote = Number(right);
  const local = left === undefined ? remote : Number(left);
  if (remote < 1 || remote > largest || local > largest) {
    throw new Problem(`Port "${text}" is none: allowed is PORT or LOCAL:PORT, each at most ${largest}`);
  }
  return { local, remote };
}
