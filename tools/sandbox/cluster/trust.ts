import fs from "node:fs/promises";
import path from "node:path";

import { writeWhole } from "../../wholeFile";
import { clusterFolder, type ClusterKind } from "./kinds";

const bundleFile = (kind: ClusterKind): string => path.join(clusterFolder(kind), "trusted.pem");

/** Writes the bundle of authorities that the cluster's programs trust, if the kind has an authority of its own. */
export async function writeTrust(kind: ClusterKind): Promise<void> {
  await fs.rm(bundleFile(kind), { force: true });
  if (kind.extraAuthority !== undefined) {
    const machine = process.env["SSL_CERT_FILE"] ?? "/etc/ssl/certs/ca-certificates.crt";
    const own = await fs.readFile(kind.extraAuthority, "utf8");
    writeWhole(bundleFile(kind), [await fs.readFile(machine, "utf8").catch(() => ""), own].join("\n"));
  }
}

/** The variable with the bundle, for programs written in Go, such as the Docker daemon; nothing without a bundle. */
export async function trustVariables(kind: ClusterKind): Promise<NodeJS.ProcessEnv> {
  const isThere = await fs.access(bundleFile(kind)).then(
    () => true,
    () => false,
  );
  return isThere ? { SSL_CERT_FILE: bundleFile(kind) } : {};
}
