import fs from "node:fs";
import http from "node:http";
import https from "node:https";
import path from "node:path";

import { commandRunner } from "./commandRunner";
import type { KubeContext } from "./kubeconfig";

const timeoutSeconds = 5;
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

/** Reaches out to a cluster's API server and a Docker daemon: the program's only network requests. */
export interface Endpoints {
  /** The cluster's identity: the uid of kube-system, or its URL when the uid cannot be read. Rejects when nothing answers. */
  cluster(context: KubeContext): Promise<string>;
  /** Rejects when nothing answers. */
  daemon(address: DaemonAddress, tls: https.RequestOptions): Promise<DaemonFacts>;
}

interface ApiResponse {
  status: number;
  body: string;
  headers: http.IncomingHttpHeaders;
}

async function get(options: https.RequestOptions, secure: boolean): Promise<ApiResponse> {
  return await new Promise((resolve, reject) => {
    const request = (secure ? https : http).get(
      { ...options, agent: false, timeout: timeoutSeconds * 1000 },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const { statusCode = 0, headers } = response;
          resolve({ status: statusCode, body: Buffer.concat(chunks).toString(), headers });
        });
      },
    );
    request.on("timeout", () => request.destroy(new Error(`no answer within ${timeoutSeconds} s`)));
    request.on("error", reject);
  });
}

/** GETs a path of a cluster's API server, with what the context itself holds to sign in. Rejects when nothing answers. */
async function askCluster(context: KubeContext, path: string): Promise<ApiResponse> {
  // Behind a gateway the API server has a path of its own.
  const url = new URL(context.server.replace(/\/+$/, "") + path);
  const secure = url.protocol === "https:";
  return await get(
    {
      // A URL has an IPv6 address in brackets, a look-up has it without.
      hostname: url.hostname.replace(/^\[|\]$/g, ""),
      port: url.port || (secure ? 443 : 80),
      path: url.pathname + url.search,
      ca: context.ca,
      rejectUnauthorized: !context.skipTlsVerify,
      ...context.client,
    },
    secure,
  );
}

/** A URL has an IPv6 address in brackets, a look-up has it without. */
const withoutBrackets = (hostname: string): string => hostname.replace(/^\[|\]$/g, "");

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
    const { status, body } = await askCluster(context, "/api/v1/namespaces/kube-system");
    if (status >= 500) {
      throw new Error(`it answers ${status}`);
    }
    // 401 and 403 come from a cluster that is there: the provider signs in in its own way.
    const uid = status === 200 ? (JSON.parse(body) as { metadata?: { uid?: string } }).metadata?.uid : undefined;
    return uid ?? context.server;
  },

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
  const { status, body } = await get({ ...placeOf(host, tls), path: "/info" }, "ca" in tls);
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
