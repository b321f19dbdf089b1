import fs from "node:fs";
import type https from "node:https";
import path from "node:path";

import { request, withoutBrackets } from "../http";
import { read, see, sendPatiently } from "../kubernetes/client";
import { type NamespacedKind, namespacedKinds } from "../kubernetes/discovery";
import type { Live, ObjectKey } from "../kubernetes/types";
import { commandRunner } from "./commandRunner";
import type { KubeContext } from "./kubeconfig";

const timeoutSeconds = 20;
const sshTimeoutSeconds = 20;

/** Where a Docker daemon listens. */
export interface DaemonAddress {
  /** unix://, npipe://, tcp:// or ssh:// */
  host: string;
  /** Folder with ca.pem, cert.pem and key.pem, for tcp:// with TLS; the last two only where the daemon asks for them. */
  certPath?: string;
}

/** What is asked of a Docker daemon before anything is built on it. */
export interface DaemonFacts {
  /** The daemon's own id: another one has other images. */
  id: string;
  /** Such as linux/amd64. */
  platform: string;
  /** Whether images are kept in containerd's store, which builder docker cannot handle. */
  containerdStore: boolean;
  /** Operating system around it, such as Docker Desktop or Debian GNU/Linux 12 (bookworm). */
  system: string;
}

/** An object with a name that a cluster has. */
export type LiveObject = Live<{
  metadata: { annotations?: Record<string, string>; deletionTimestamp?: string; ownerReferences?: unknown[] };
  spec?: {
    replicas?: number;
    resources?: { requests?: { storage?: string } };
    storageClassName?: string;
    accessModes?: string[];
    /** Of a PersistentVolumeClaim that has its volume. */
    volumeName?: string;
  };
  /** Of a StorageClass. */
  allowVolumeExpansion?: boolean;
  status?: {
    observedGeneration?: number;
    currentRevision?: string;
    updateRevision?: string;
  };
}>;

/** What a cluster says of an object: itself, that it is not there, or that this user may not see it. */
export type Sight = LiveObject | "absent" | "hidden";

/** Reaches out to a cluster's API server and a Docker daemon: the program's only network requests. */
export interface Endpoints {
  /** The uid of kube-system; undefined when the cluster answers and does not say. Rejects when nothing answers. */
  cluster(context: KubeContext): Promise<string | undefined>;
  /** Throws a `Problem` when the cluster says nothing of the object. */
  see(context: KubeContext, key: ObjectKey): Promise<Sight>;
  /** The objects of a list. Throws a `Problem` when the cluster does not give it. */
  list(context: KubeContext, path: string): Promise<LiveObject[]>;
  /** Every kind of object that it has in namespaces. Throws a `Problem` when the cluster does not say. */
  kinds(context: KubeContext): Promise<NamespacedKind[]>;
  /** Rejects when nothing answers. */
  daemon(address: DaemonAddress, tls: https.RequestOptions): Promise<DaemonFacts>;
}

/** Where a request to a Docker daemon goes. */
export function placeOf(host: string, tls: https.RequestOptions): https.RequestOptions {
  const url = new URL(host);
  return url.protocol === "tcp:"
    ? { hostname: withoutBrackets(url.hostname), port: url.port, ...tls }
    : { socketPath: host.slice(host.indexOf("://") + 3) };
}

const architectures: Record<string, string> = { x86_64: "amd64", aarch64: "arm64" };

export const endpoints: Endpoints = {
  async cluster(context) {
    const { status, body } = await sendPatiently(context, { path: "/api/v1/namespaces/kube-system" });
    if (status >= 500) {
      throw new Error(`it answers ${status}`);
    }
    return status === 200 ? (JSON.parse(body) as { metadata?: { uid?: string } }).metadata?.uid : undefined;
  },

  see: async (context, key) => await see<LiveObject>(context, key),

  list: async (context, path) => (await read<{ items: LiveObject[] }>(context, path)).items,

  kinds: namespacedKinds,

  async daemon({ host }, tls) {
    const info = host.startsWith("ssh://") ? await askThroughSsh(host) : await askDaemon(host, tls);
    return {
      id: info.ID,
      platform: `linux/${architectures[info.Architecture] ?? info.Architecture}`,
      containerdStore: (info.DriverStatus ?? []).some(([, value]) => value.startsWith("io.containerd.snapshotter")),
      system: info.OperatingSystem ?? "an unknown system",
    };
  },
};

/** What is read of a daemon's answer. */
interface DaemonInfo {
  ID: string;
  Architecture: string;
  DriverStatus?: [string, string][] | null;
  OperatingSystem?: string;
}

async function askDaemon(host: string, tls: https.RequestOptions): Promise<DaemonInfo> {
  const { status, body } = await request(
    { ...placeOf(host, tls), path: "/info", agent: false },
    { isSecure: "ca" in tls, timeoutSeconds },
  );
  if (status !== 200) {
    throw new Error(body.includes("HTTPS server") ? "it asks for TLS" : `it answers ${status}`);
  }
  return JSON.parse(body) as DaemonInfo;
}

/** The docker CLI knows how to sign in there. */
async function askThroughSsh(host: string): Promise<DaemonInfo> {
  const ask = commandRunner(sshTimeoutSeconds);
  const { stdout, stderr, failure } = await ask("docker", ["--host", host, "info", "--format", "{{json .}}"]);
  const info = parseInfo(stdout);
  if (info?.ID === undefined) {
    const [said] = info?.ServerErrors ?? [stderr.trim().split("\n").at(-1)];
    throw new Error(said || `docker: ${failure ?? "no answer"}`);
  }
  return info as DaemonInfo;
}

function parseInfo(text: string): (Partial<DaemonInfo> & { ServerErrors?: string[] }) | undefined {
  try {
    return JSON.parse(text) as Partial<DaemonInfo>;
  } catch {
    return undefined;
  }
}

/** The certificates for a daemon that requires TLS; empty for one without. */
export function readTls({ certPath }: DaemonAddress): { ca?: Buffer; cert?: Buffer; key?: Buffer } {
  if (certPath === undefined) {
    return {};
  }
  const read = (name: string): Buffer => fs.readFileSync(path.join(certPath, name));
  const signsIn = fs.existsSync(path.join(certPath, "cert.pem"));
  return { ca: read("ca.pem"), ...(signsIn ? { cert: read("cert.pem"), key: read("key.pem") } : {}) };
}
