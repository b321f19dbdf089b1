import fs from "node:fs/promises";
import path from "node:path";

import { Problem } from "../../../components/problem";
import { writeWhole } from "../../wholeFile";
import { endBuilds } from "./cgroups";
import { startDaemon, waitFor } from "./daemons";
import { doesDaemonAnswer } from "./dockerCli";
import { maySetResources } from "./host";
import { clusterFiles, clusterFolder, type ClusterKind, pkiFolder } from "./kinds";
import { inside } from "./network";
import { authority, issue, writePair } from "./pki";
import type { ClusterPlan } from "./plan";
import { podResolver } from "./resolver";

/** The kernel's limit for the path of a unix socket in bytes, with its closing zero. */
const socketPathLimit = 108;

/**
 * Runs runc with an out-of-memory score of at least 0. Without CAP_SYS_RESOURCE runc refuses a negative score, and every
 * pod sandbox fails with "can't get final child's PID from pipe: EOF".
 */
const clampedRunc = `#!/bin/sh
previous=
for argument; do
  case $previous in --bundle|-b) sed -i 's/"oomScoreAdj":-[0-9]*/"oomScoreAdj":0/' "$argument/config.json" ;; esac
  previous=$argument
done
exec runc "$@"
`;

/**
 * Starts the cluster's own Docker Engine, with its own data root, socket and bridge, and waits until it answers.
 *
 * @throws a `Problem` when the cache folder's path is too long for a socket
 */
export async function startEngine(kind: ClusterKind, plan: ClusterPlan, environment: NodeJS.ProcessEnv): Promise<void> {
  const folder = clusterFolder(kind);
  const { dockerSocket, dockerCerts } = clusterFiles(kind);
  if (Buffer.byteLength(dockerSocket) >= socketPathLimit) {
    throw new Problem(
      `The path of the sandbox's Docker socket, ${dockerSocket}, is longer than the ${socketPathLimit - 1} bytes that Linux allows`,
      "set XDG_CACHE_HOME to a folder with a shorter path",
    );
  }
  const { servers } = podResolver();
  const settings: Record<string, unknown> = {
    "data-root": path.join(folder, "docker"),
    "exec-root": path.join(folder, "exec"),
    pidfile: path.join(folder, "docker.pid"),
    hosts: [`unix://${dockerSocket}`],
    // Otherwise the members of this machine's group "docker" could use it.
    group: "0",
    bridge: kind.bridge,
    // The sandbox sets the rules itself: two daemons in one network namespace flush each other's chains.
    iptables: false,
    ip6tables: false,
    "ip-forward": false,
    "exec-opts": ["native.cgroupdriver=cgroupfs"],
    "cgroup-parent": `/${kind.bridge}`,
    features: { "containerd-snapshotter": kind.containerdStore ?? false },
    // For builds; pods have the kubelet's.
    ...(servers && { dns: servers }),
  };
  if (!(await maySetResources())) {
    const wrapper = path.join(folder, "runc-clamped");
    writeWhole(wrapper, clampedRunc, 0o755);
    settings["runtimes"] = { clamped: { path: wrapper } };
    settings["default-runtime"] = "clamped";
  }
  if (kind.dockerTlsPort !== undefined) {
    Object.assign(settings, await tlsSettings(kind, plan, dockerCerts, kind.dockerTlsPort));
  }
  await endBuilds(kind.bridge);
  const file = path.join(folder, "daemon.json");
  writeWhole(file, JSON.stringify(settings, undefined, 2));
  startDaemon(folder, { name: "dockerd", command: [...inside(kind), "dockerd", "--config-file", file], environment });
  await waitFor(folder, "dockerd", async () => await doesDaemonAnswer(kind, environment));
}

async function tlsSettings(
  kind: ClusterKind,
  plan: ClusterPlan,
  clientFolder: string,
  port: number,
): Promise<Record<string, unknown>> {
  const pki = pkiFolder(kind);
  const ca = await authority(pki, "docker-ca");
  await writePair(pki, "docker-server", await issue(ca, "CN=docker", [{ type: "ip", value: plan.address }]));
  await fs.mkdir(clientFolder, { recursive: true, mode: 0o700 });
  const client = await issue(ca, "CN=client");
  // The names that the Docker CLI expects in DOCKER_CERT_PATH.
  writeWhole(path.join(clientFolder, "ca.pem"), ca.certificate.toString("pem"));
  writeWhole(path.join(clientFolder, "cert.pem"), client.certificatePem);
  writeWhole(path.join(clientFolder, "key.pem"), client.keyPem);
  return {
    hosts: [`unix://${clusterFiles(kind).dockerSocket}`, `tcp://${plan.address}:${port}`],
    tlsverify: true,
    tlscacert: path.join(pki, "docker-ca.pem"),
    tlscert: path.join(pki, "docker-server.pem"),
    tlskey: path.join(pki, "docker-server-key.pem"),
  };
}
