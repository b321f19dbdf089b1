import fs from "node:fs";
import path from "node:path";

import execa from "execa";

import type { Progress } from "../../terminal/progress";
import { docker } from "../cluster/dockerCli";
import { clusterFolder, type ClusterKind } from "../cluster/kinds";

/** The Debian release whose packages have the versions that the images' names say. */
const suite = "trixie";

/** How an image is made of Debian's packages. */
export interface StandIn {
  packages: string[];
  /** Flags of mmdebstrap; in a hook, $1 is the image's root. */
  hooks: string[];
  /** Whether what runs in it fetches things; @default false */
  trustsMachinesAuthorities?: boolean;
  /** Instructions of a Dockerfile. */
  settings: string[];
}

const clean = `--customize-hook=rm -rf "$1"/usr/share/man "$1"/usr/share/doc "$1"/usr/share/locale "$1"/var/cache/apt`;

/** mmdebstrap's arguments for an image's archive; `bundle` has the authorities that this machine trusts. */
export function standInArguments(standIn: StandIn, bundle: string | undefined, archive: string): string[] {
  // A machine behind a proxy that signs with its own authority has it in its bundle: pip must trust it too.
  const trust =
    standIn.trustsMachinesAuthorities && bundle !== undefined
      ? [`--customize-hook=cp ${bundle} "$1/etc/ssl/certs/ca-certificates.crt"`]
      : [];
  return [
    "--variant=minbase",
    `--include=${standIn.packages.join(",")}`,
    ...standIn.hooks,
    clean,
    ...trust,
    suite,
    archive,
  ];
}

/** Builds a stand-in and gives it to the cluster's daemon under the image's name. */
export async function buildStandIn(
  kind: ClusterKind,
  environment: NodeJS.ProcessEnv,
  mmdebstrap: string,
  image: string,
  standIn: StandIn,
  progress: Progress,
): Promise<void> {
  const archive = path.join(clusterFolder(kind), `${image.replace(/\W/g, "-")}.tar`);
  const bundle = process.env["SSL_CERT_FILE"] ?? "/etc/ssl/certs/ca-certificates.crt";
  const args = standInArguments(standIn, fs.existsSync(bundle) ? bundle : undefined, archive);
  const subprocess = execa(mmdebstrap, args, { env: environment, extendEnv: false, all: true });
  subprocess.all?.on("data", (chunk: Buffer) => {
    progress.detail(chunk.toString().trim().split("\n").at(-1) ?? "");
  });
  await subprocess;
  const changes = standIn.settings.flatMap((setting) => ["--change", setting]);
  await docker(kind, environment, ["import", ...changes, "-", image], { stdin: fs.createReadStream(archive) });
  fs.rmSync(archive);
}
