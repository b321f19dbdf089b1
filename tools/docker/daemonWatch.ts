import http from "node:http";
import https from "node:https";

import { type DaemonAddress, endpoints, placeOf, readTls } from "../../components/targets/endpoints";
import { reasonOf } from "../../components/targets/reason";

/** What became of a Docker daemon that was needed all the time. */
export interface Loss {
  /** Such as unix:///var/run/docker.sock. */
  host: string;
  /** Why it does not answer now, such as ECONNREFUSED; undefined when it answers again. */
  reason: string | undefined;
}

/**
 * Notices when a Docker daemon ends, be it back a moment later.
 *
 * It keeps a request for the daemon's events open: a build that lost its daemon fails in words that depend on what the
 * daemon was doing and on the versions of both.
 */
export class DaemonWatch {
  private request: http.ClientRequest | undefined;
  private isLost = false;
  private readonly address: DaemonAddress | undefined;

  /** @param environment as for the docker CLI; without DOCKER_HOST nothing is noticed */
  constructor(environment: NodeJS.ProcessEnv) {
    this.address = daemonIn(environment);
  }

  start(): void {
    if (this.request !== undefined || this.address === undefined) {
      return;
    }
    const tls = readTls(this.address);
    const path = `/events?filters=${encodeURIComponent('{"type":["daemon"]}')}`;
    const get = "ca" in tls ? https.get : http.get;
    this.request = get({ ...placeOf(this.address.host, tls), path, agent: false }, (response) => {
      response.on("error", () => undefined).resume();
    });
    this.request.on("error", () => undefined);
    // Of a request that fails as of an answer that ends.
    this.request.on("close", () => (this.isLost = true));
  }

  /** Ends the watch. */
  stop(): void {
    this.request?.removeAllListeners("close").destroy();
  }

  /** Resolves to undefined when the daemon was there from the start to now. */
  async loss(): Promise<Loss | undefined> {
    const { address } = this;
    if (this.request === undefined || address === undefined) {
      return undefined;
    }
    const reason = await silenceOf(address);
    return this.isLost || reason !== undefined ? { host: address.host, reason } : undefined;
  }
}

/** Address of the daemon that an environment names for the docker CLI; undefined where it names none that answers HTTP. */
export function daemonIn(environment: NodeJS.ProcessEnv): DaemonAddress | undefined {
  const host = environment["DOCKER_HOST"];
  const certPath = environment["DOCKER_TLS_VERIFY"] ? environment["DOCKER_CERT_PATH"] : undefined;
  // Through ssh the docker CLI is needed, which ends with its connection.
  return host && !host.startsWith("ssh://") ? { host, ...(certPath && { certPath }) } : undefined;
}

/** Why a daemon does not answer; undefined when it does. */
export async function silenceOf(address: DaemonAddress): Promise<string | undefined> {
  try {
    await endpoints.daemon(address, readTls(address));
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}
