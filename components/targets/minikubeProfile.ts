import type { KubeContext } from "./kubeconfig";
import { Problem } from "../problem";
import type { DaemonAddress } from "./endpoints";

/** Container runtimes that minikube can start a node with. */
export const runtimes = ["docker", "containerd", "cri-o", "crio"] as const;

/** What minikube says of one of its clusters. */
export interface MinikubeProfile {
  name: string;
  /** Such as docker, podman, kvm2, hyperkit, qemu2, none. */
  driver: string;
  runtime: (typeof runtimes)[number];
  /** Number of nodes. */
  nodes: number;
  /** Address of the first control plane. */
  address: string;
  /** Other hosts under which a kube context may reach the API server: a name it was given, the address of several. */
  serverNames: string[];
  /** Ports of the API server on the node. */
  serverPorts: number[];
  /** Docker network, or what kind of network its virtual machine has; empty for the driver's default. */
  network: string;
  /** What was published on this machine with `minikube start --ports`, as for `docker run --publish`. */
  publishedPorts: string[];
}

/** Whether the profile's nodes run images straight from a Docker daemon that can be built on. */
export function sharesDaemon({ runtime, nodes, driver }: MinikubeProfile): boolean {
  return runtime === "docker" && nodes <= 1 && driver !== "none";
}

/**
 * What has to stand beside a DOCKER_HOST that is the profile's own.
 *
 * Without it minikube would take that daemon for the one that holds its node, and say that the node is gone.
 */
export function shellVariables(
  profile: string,
  daemon: DaemonAddress,
  environment: NodeJS.ProcessEnv,
): Record<string, string> {
  const isSet = Boolean(environment["MINIKUBE_ACTIVE_DOCKERD"]) || environment["DOCKER_HOST"] === daemon.host;
  const replaced = ["DOCKER_HOST", "DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY"].flatMap((name) => {
    const value = environment[name];
    return value && !isSet ? [[`MINIKUBE_EXISTING_${name}`, value] as const] : [];
  });
  return { MINIKUBE_ACTIVE_DOCKERD: profile, ...Object.fromEntries(replaced) };
}

const loopback = ["127.0.0.1", "localhost", "[::1]"];

const runsInContainer = ({ driver }: MinikubeProfile): boolean => driver === "docker" || driver === "podman";

/** QEMU's built-in network lets nothing in but what QEMU forwards, and that is not the NodePorts. */
const isWalledIn = ({ driver, network }: MinikubeProfile): boolean =>
  ["qemu", "qemu2"].includes(driver) && ["", "builtin", "user"].includes(network);

/**
 * Whether the node's address is routed to from this machine. minikube finds that out when it starts (Docker Desktop,
 * WSL, a rootless or remote engine do not route), and the API server's address in the kube context shows the result.
 *
 * @param dockerHost address of the profile's Docker daemon, when it was asked for: it is on the same side
 * @throws a `Problem` when the context leads to another cluster: it was renamed, or minikube was started again
 */
export function isRouted(profile: MinikubeProfile, context: KubeContext, dockerHost?: string): boolean {
  const { hostname, port } = new URL(context.server);
  if ([profile.address, ...profile.serverNames].includes(hostname) && profile.serverPorts.includes(Number(port))) {
    return true;
  }
  if (forwardingHosts(profile, dockerHost).includes(hostname)) {
    return false;
  }
  throw new Problem(
    `Kube context "${context.name}" leads to ${context.server}, and the minikube profile "${profile.name}" is at https://${profile.address}:${profile.serverPorts[0] ?? ""}`,
    `run \`minikube update-context -p ${profile.name}\``,
  );
}

/** Hosts on which the API server may be forwarded, at a port that changes with each start. */
function forwardingHosts(profile: MinikubeProfile, dockerHost: string | undefined): string[] {
  if (isWalledIn(profile)) {
    return loopback;
  }
  if (!runsInContainer(profile)) {
    return [];
  }
  if (dockerHost === undefined) {
    return [...loopback, ...profile.serverNames];
  }
  const { hostname } = new URL(dockerHost);
  // What is at the node's own address is not forwarded.
  return hostname === profile.address
    ? []
    : [hostname, ...(loopback.includes(hostname) ? loopback : []), ...profile.serverNames];
}

/** How a service of a profile is reached. */
export interface Reach {
  /** Host on which NodePorts are reached; undefined when none is from this machine. */
  urlHost: string | undefined;
  /** Port of that host at which a NodePort is reached, undefined for none; without it the NodePort itself. */
  urlPort?: (nodePort: number) => number | undefined;
  /** Command that opens a way to the service, where it is not reached otherwise. */
  openCommand?: (namespace: string, service: string) => string;
}

/**
 * How a service is reached: at the node's address where that is routed to; else where the node's ports were published,
 * and with the command that opens a way.
 *
 * @throws as `isRouted`
 */
export function reachOf(profile: MinikubeProfile, ip: string, context: KubeContext, dockerHost?: string): Reach {
  if (isRouted(profile, context, dockerHost)) {
    return { urlHost: ip };
  }
  const { name, publishedPorts } = profile;
  if (isWalledIn(profile)) {
    // There `minikube service` and `minikube tunnel` are not implemented.
    const openCommand = (namespace: string, service: string): string =>
      `kubectl --context ${context.name} -n ${namespace} port-forward service/${service} 8000`;
    return { urlHost: undefined, openCommand };
  }
  const openCommand = (namespace: string, service: string): string =>
    `minikube -p ${name} service -n ${namespace} ${service} --url`;
  const { hostname } = new URL(context.server);
  return publishedPorts.length === 0
    ? { urlHost: undefined, openCommand }
    : {
        urlHost: loopback.includes(hostname) ? "127.0.0.1" : hostname,
        urlPort: (nodePort) => publishedPort(publishedPorts, nodePort),
        openCommand,
      };
}

/** The port of this machine that was published for a port of the node; undefined when none was. */
export function publishedPort(published: string[], nodePort: number): number | undefined {
  for (const entry of published) {
    // [[address:]host port:]node port[/protocol], either port also as a range
    const [nodeRange = "", hostRange] = (entry.split("/")[0] ?? "").split(":").reverse();
    const [first = NaN, last = first] = nodeRange.split("-").map(Number);
    const [hostFirst = NaN] = (hostRange ?? "").split("-").filter(Boolean).map(Number);
    if (nodePort >= first && nodePort <= last && !Number.isNaN(hostFirst)) {
      return hostFirst + nodePort - first;
    }
  }
  return undefined;
}
