import { setKey } from "../app/configKey";
import { type Role, roleOfPod, web } from "../app/role";
import { execIn } from "../kubernetes/exec";
import { type Diagnosis, oneLine } from "./diagnosis";
import { httpPortOf, type Pod, type Rollout } from "./kubernetes";

/** Where a process waits for connections. */
export interface Listener {
  address: string;
  port: number;
}

const listening = "0A";

/** Reads what Linux lists in /proc/net/tcp and /proc/net/tcp6. */
export function readListeners(table: string): Listener[] {
  return table.split("\n").flatMap((line) => {
    const [, local = "", , state] = line.trim().split(/\s+/);
    const [address = "", at = ""] = local.split(":");
    return state === listening ? [{ address: addressOf(address), port: parseInt(at, 16) }] : [];
  });
}

/** An address is written in words of four bytes, each in the order of the processor. */
function addressOf(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).reverse());
  if (bytes.length === 4) {
    return bytes.map((byte) => parseInt(byte, 16)).join(".");
  }
  if (bytes.every((byte) => byte === "00")) {
    return "::";
  }
  return bytes.slice(0, 15).every((byte) => byte === "00") && bytes[15] === "01" ? "::1" : bytes.join("");
}

const loopback = /^(127\.|::1$)/;

/** What a process that cannot be reached has to change; undefined when it listens as it should, or nowhere yet. */
export function adviceFor(
  listeners: readonly Listener[],
  port: number,
  role: Role = web,
): Pick<Diagnosis, "detail" | "nextStep"> | undefined {
  const shown = listeners.map(({ address, port }) => `${address.includes(":") ? `[${address}]` : address}:${port}`);
  if (listeners.length === 0 || listeners.some((each) => each.port === port && !loopback.test(each.address))) {
    return undefined;
  }
  return {
    detail: `the process listens on ${[...new Set(shown)].join(" and ")}, and Kubernetes asks for port ${port} of the pod's address`,
    nextStep: nextStep(listeners, port, role),
  };
}

/** By what its command says, or by the port that Kubernetes is told. */
function nextStep(listeners: readonly Listener[], port: number, role: Role): string {
  const listen = `let it listen on 0.0.0.0:${port}, such as by its option \`--bind\``;
  const open = listeners.find(({ address }) => !loopback.test(address));
  return open === undefined ? listen : `${listen}, or run \`${setKey(role, "port", String(open.port))}\``;
}

/** For a pod that takes no connections: where its process listens, and what to change. */
export async function listeningAdvice(
  { context, namespace }: Pick<Rollout, "context" | "namespace">,
  pod: Pod,
  { detail }: Pick<Diagnosis, "detail">,
): Promise<Pick<Diagnosis, "detail" | "nextStep"> | undefined> {
  if (!/connection refused|dial tcp/i.test(oneLine(detail))) {
    return undefined;
  }
  const command = ["cat", "/proc/net/tcp", "/proc/net/tcp6"];
  const role = roleOfPod(pod);
  if (role?.app === undefined) {
    return undefined;
  }
  const place = { namespace, pod: pod.metadata.name, container: role.app };
  return adviceFor(readListeners(await execIn(context, place, command)), httpPortOf(pod), role);
}
