import fs from "node:fs";
import path from "node:path";

import { parse } from "yaml";

import { Problem } from "../problem";

/** An entry of a kubeconfig file. */
export interface KubeconfigEntry {
  file: string;
  name: string;
}

/** How to reach the API server of one kube context. */
export interface KubeContext {
  name: string;
  /** URL of the API server. */
  server: string;
  /** PEM of the authority that signed the server's certificate; undefined for the system's own. */
  ca: string | undefined;
  skipTlsVerify: boolean;
  /** PEM of the user's client certificate and key, when the context's user has them. */
  client: { cert: string; key: string } | undefined;
  /** The user's bearer token, which is sent over TLS only. @default none */
  token?: string;
  /** File with that token, which is read for each request: something else renews it. @default none */
  tokenFile?: string;
  /** Name in the server's certificate, where that is not the host of `server`. @default that host */
  serverName?: string;
  /** Its cluster and user, when they have settings that are not above, such as `exec`. @default there are none */
  more?: { cluster: KubeconfigEntry; user: KubeconfigEntry | undefined };
}

/** Settings that change how a request is sent or signed, and that only a client of Kubernetes knows how to follow. */
const furtherSettings = {
  cluster: ["proxy-url"],
  user: ["exec", "auth-provider", "username", "as"],
};

interface Named<K extends string, V> {
  items: ({ name: string } & Partial<Record<K, V>>)[];
}
interface Kubeconfig {
  file: string;
  clusters?: Named<"cluster", Record<string, string | boolean>>["items"] | null;
  users?: Named<"user", Record<string, string>>["items"] | null;
  contexts?: Named<"context", { cluster: string; user: string }>["items"] | null;
}

/** The files that kubectl would read: those of KUBECONFIG, else ~/.kube/config. */
export function kubeconfigFiles(environment: NodeJS.ProcessEnv, home: string): string[] {
  const listed = (environment["KUBECONFIG"] ?? "").split(path.delimiter).filter((file) => file !== "");
  return listed.length > 0 ? listed : [path.join(home, ".kube", "config")];
}

/** The context of a cluster as its provider was configured. Throws a `Problem` when no kubeconfig has it. */
export function contextOf(
  { context, kubeconfig }: { context: string; kubeconfig: string | undefined },
  { environment, home }: { environment: NodeJS.ProcessEnv; home: string },
): KubeContext {
  const files = kubeconfig === undefined ? kubeconfigFiles(environment, home) : [kubeconfig];
  return readKubeContext(files, context, "look with `kubectl config get-contexts`");
}

/**
 * Looks a context up; as for kubectl, of several with one name the first counts.
 *
 * Throws a `Problem` that lists the contexts there are when it is not among them.
 */
export function readKubeContext(files: string[], name: string, startHint: string): KubeContext {
  const configs = files.filter((file) => fs.existsSync(file)).map(readFile);
  const contexts = configs.flatMap(({ contexts }) => contexts ?? []);
  const found = contexts.find((each) => each.name === name)?.context;
  const clusters = configs.flatMap(({ file, clusters }) => (clusters ?? []).map((each) => ({ file, ...each })));
  const cluster = clusters.find((each) => each.name === found?.cluster);
  const server = cluster?.cluster?.["server"];
  if (found === undefined || cluster === undefined || typeof server !== "string") {
    const known = [...new Set(contexts.map((each) => each.name))];
    throw new Problem(
      `Kube context "${name}" is not in ${files.join(", ")}: ${known.length > 0 ? `there are ${known.join(", ")}` : "there is none"}`,
      `${startHint}, or run \`pulumi config set kubeContext NAME\``,
    );
  }
  const users = configs.flatMap(({ file, users }) => (users ?? []).map((each) => ({ file, ...each })));
  const user = users.find((each) => each.name === found.user);
  const cert = pem(user?.user, "client-certificate", user?.file);
  const key = pem(user?.user, "client-key", user?.file);
  const serverName = cluster.cluster?.["tls-server-name"];
  const hasMore =
    furtherSettings.cluster.some((key) => key in (cluster.cluster ?? {})) ||
    furtherSettings.user.some((key) => key in (user?.user ?? {}));
  return {
    name,
    server,
    ca: pem(cluster.cluster, "certificate-authority", cluster.file),
    skipTlsVerify: cluster.cluster?.["insecure-skip-tls-verify"] === true,
    client: cert !== undefined && key !== undefined ? { cert, key } : undefined,
    ...bearer(user),
    ...(typeof serverName === "string" && serverName !== "" && { serverName }),
    ...(hasMore && {
      more: { cluster: entry(cluster), user: user && entry(user) },
    }),
  };
}

/** As for kubectl, a file beats a token that stands in the kubeconfig. */
function bearer(user: ({ file: string } & Partial<Record<"user", Record<string, string>>>) | undefined): {
  token?: string;
  tokenFile?: string;
} {
  const { token, tokenFile } = user?.user ?? {};
  if (tokenFile) {
    return { tokenFile: path.resolve(path.dirname(user?.file ?? ""), tokenFile) };
  }
  return token ? { token } : {};
}

const entry = ({ file, name }: KubeconfigEntry): KubeconfigEntry => ({ file, name });

const lists = ["clusters", "users", "contexts"] as const;

function readFile(file: string): Kubeconfig {
  try {
    const config = parse(fs.readFileSync(file, "utf8")) as Omit<Kubeconfig, "file"> | null;
    const wrong = lists.find((key) => !isListOfEntries(config?.[key]));
    if (wrong !== undefined) {
      throw new Error(`${wrong} is no list of entries with a name`);
    }
    return { ...config, file };
  } catch (error) {
    const reason = (error as Error).message.split("\n")[0] ?? "";
    throw new Problem(
      `The kubeconfig ${file} cannot be read (${reason})`,
      "run `kubectl config view` to see what is wrong",
    );
  }
}

function isListOfEntries(value: unknown): boolean {
  const isEntry = (each: unknown): boolean => typeof (each as { name?: unknown } | null)?.name === "string";
  return value === undefined || value === null || (Array.isArray(value) && value.every(isEntry));
}

/** A PEM that a kubeconfig holds in `<key>-data`, or in the file named by `<key>`, relative to the kubeconfig. */
function pem(entry: Record<string, string | boolean> | undefined, key: string, file = ""): string | undefined {
  const data = entry?.[`${key}-data`];
  if (typeof data === "string") {
    return Buffer.from(data, "base64").toString();
  }
  const named = entry?.[key];
  if (typeof named !== "string" || named === "") {
    return undefined;
  }
  const resolved = path.resolve(path.dirname(file), named);
  return fs.existsSync(resolved) ? fs.readFileSync(resolved, "utf8") : undefined;
}
