import fs from "node:fs";
import type http from "node:http";
import https from "node:https";
import tls from "node:tls";

import type { KubeConfig } from "@kubernetes/client-node";

import type { KubeContext, KubeconfigEntry } from "../targets/kubeconfig";

/** How requests are sent, whatever they ask for. */
type Connection = Omit<https.RequestOptions, "headers"> & { headers?: http.OutgoingHttpHeaders };

/**
 * One for each context. It connects anew for each request, since a connection that is kept may have ended unseen, but
 * reads the certificates once and resumes the TLS session: that takes half of the processor time, of the server's as well.
 */
const agents = new WeakMap<KubeContext, https.Agent>();

/** One for each context: it keeps the tokens that an exec plugin gave. */
const configs = new WeakMap<KubeContext, Promise<KubeConfig>>();

/**
 * Certificates, headers and agent with which a context's requests are sent.
 *
 * @throws when an exec plugin or a file that the kubeconfig names fails
 */
export async function signIn(context: KubeContext): Promise<Connection> {
  const { server, skipTlsVerify, serverName, more } = context;
  // Nor does the library send anything to sign in with without TLS.
  const isSecure = !server.startsWith("http:");
  if (more === undefined || !isSecure) {
    const token = isSecure ? tokenOf(context) : undefined;
    return {
      rejectUnauthorized: !skipTlsVerify,
      ...(serverName !== undefined && { servername: serverName }),
      ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
      agent: isSecure ? agentOf(context) : false,
    };
  }
  const config = configs.get(context) ?? load(more);
  configs.set(context, config);
  const options: Connection = {};
  await (await config).applyToHTTPSOptions(options);
  return options;
}

function agentOf(context: KubeContext): https.Agent {
  const { ca, client } = context;
  const agent =
    agents.get(context) ??
    new https.Agent({ keepAlive: false, secureContext: tls.createSecureContext({ ca, ...client }) });
  agents.set(context, agent);
  return agent;
}

function tokenOf({ token, tokenFile }: KubeContext): string | undefined {
  return tokenFile === undefined ? token : fs.readFileSync(tokenFile, "utf8").trim();
}

async function load({ cluster, user }: NonNullable<KubeContext["more"]>): Promise<KubeConfig> {
  // It takes 0.8 s of processor time and 60 MiB to load: clusters that take a certificate or a token do without.
  const { KubeConfig } = await import("@kubernetes/client-node");
  const read = ({ file }: KubeconfigEntry): KubeConfig => {
    const config = new KubeConfig();
    config.loadFromFile(file);
    return config;
  };
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    read(cluster).getCluster(cluster.name) ?? { name: cluster.name, server: "", skipTLSVerify: false },
    (user && read(user).getUser(user.name)) ?? { name: "anonymous" },
  );
  return config;
}
