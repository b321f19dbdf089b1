import fs from "node:fs";

const usual = "/etc/resolv.conf";
/** Where a resolver of this machine, at whose loopback address /etc/resolv.conf points, names the servers that it asks. */
const behindLocalResolver = ["/run/systemd/resolve/resolv.conf", "/run/NetworkManager/no-stub-resolv.conf"];

const readFile = (file: string): string | undefined =>
  fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;

/** How pods and builds, which do not reach this machine's loopback addresses, resolve names. */
export interface Resolver {
  /** The file with the servers. */
  file: string;
  /** The servers of a file that is not /etc/resolv.conf; @default those of /etc/resolv.conf */
  servers?: string[];
}

/**
 * Chooses the file of nameservers that pods use: /etc/resolv.conf, unless it names only servers that they do not reach
 * and another file names those behind them.
 *
 * @param read undefined for a file that is not there; @default reads this machine's
 */
export function podResolver(read = readFile): Resolver {
  if (reachable(read(usual)).length > 0) {
    return { file: usual };
  }
  const found = behindLocalResolver
    .map((file) => ({ file, servers: reachable(read(file)) }))
    .find(({ servers }) => servers.length > 0);
  return found ?? { file: usual };
}

function reachable(text = ""): string[] {
  const servers = text.split("\n").flatMap((line) => /^\s*nameserver\s+(\S+)/.exec(line)?.[1] ?? []);
  // A link-local address means nothing without this machine's interface.
  return servers.filter((server) => !/^(127\.|::1$|fe80:)/i.test(server));
}
