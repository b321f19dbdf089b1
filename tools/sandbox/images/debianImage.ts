import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

import execa from "execa";

import { shellWord } from "../../../components/advice";
import { showLatestLine } from "../../terminal/latestLine";
import type { Progress } from "../../terminal/progress";
import { docker } from "../cluster/dockerCli";
import { clusterFolder, type ClusterKind } from "../cluster/kinds";

/** The Debian release whose packages go into images, unless they name another. */
export const debianRelease = "trixie";

/** How an image is made of Debian's packages. */
export interface DebianImage {
  /** Name of Debian's release. @default `debianRelease` */
  release?: string;
  packages: string[];
  /** Flags of mmdebstrap; in a hook, $1 is the image's root. @default none */
  hooks?: string[];
  /** Files of this machine, and the folder of the image that gets a copy of each; @default none */
  copies?: { file: string; folder: string }[];
  /** Whether processes in the image fetch things over TLS; @default false */
  trustsMachinesAuthorities?: boolean;
  /** Instructions of a Dockerfile; @default none */
  settings?: string[];
}

const authorities = "/etc/ssl/certs/ca-certificates.crt";
const added = "/etc/ca-certificates/machine.pem";
const removeDocumentation = `--customize-hook=rm -rf "$1"/usr/share/man "$1"/usr/share/doc "$1"/usr/share/locale "$1"/var/cache/apt`;

/**
 * mmdebstrap's arguments for an image.
 *
 * @param bundle file with the certificate authorities that this machine trusts; undefined where it has none
 * @param archive the tar archive to write
 */
export function mmdebstrapArguments(image: DebianImage, bundle: string | undefined, archive: string): string[] {
  // Behind a proxy that signs with its own authority, only the machine's bundle has that authority.
  const trust =
    image.trustsMachinesAuthorities && bundle !== undefined
      ? [
          `--customize-hook=cp ${bundle} "$1${authorities}"`,
          // Also after `update-ca-certificates`, which packages run that a Dockerfile installs.
          `--customize-hook=cp ${bundle} "$1${added}"`,
          `--customize-hook=printf '#!/bin/sh\\ncat ${added} >>${authorities}\\n' >"$1/etc/ca-certificates/update.d/machine"`,
          `--customize-hook=chmod 755 "$1/etc/ca-certificates/update.d/machine"`,
        ]
      : [];
  return [
    "--variant=minbase",
    `--include=${image.packages.join(",")}`,
    ...(image.hooks ?? []),
    ...(image.copies ?? []).map(({ file, folder }) => `--customize-hook=copy-in ${shellWord(file)} ${folder}`),
    removeDocumentation,
    ...trust,
    image.release ?? debianRelease,
    archive,
  ];
}

const madeHere = "kubernetes-django stand-in ";

/** What an image's comment says: another recipe has another one. An image that is built from it has not. */
export function commentOf(image: DebianImage): string {
  // Another checkout has the same files elsewhere.
  const copies = image.copies?.map(({ file, folder }) => [path.basename(file), folder, fs.readFileSync(file, "utf8")]);
  const recipe = JSON.stringify({ ...image, copies });
  return madeHere + createHash("sha256").update(recipe).digest("hex").slice(0, 12);
}

/** Whether an image was made here from another recipe; earlier releases gave none of their own. */
export function isOutdated(comment: string, image: DebianImage): boolean {
  return (comment.startsWith(madeHere) || comment === "Imported from -") && comment !== commentOf(image);
}

/**
 * Makes an image and loads it into the cluster's daemon.
 *
 * @param mmdebstrap path of the executable
 * @param name the name that the daemon gets to know it by
 * @throws execa's error with what mmdebstrap or docker printed
 */
export async function buildDebianImage(
  kind: ClusterKind,
  environment: NodeJS.ProcessEnv,
  mmdebstrap: string,
  name: string,
  image: DebianImage,
  progress: Progress,
): Promise<void> {
  const archive = path.join(clusterFolder(kind), `${name.replace(/\W/g, "-")}.tar`);
  const bundle = process.env["SSL_CERT_FILE"] ?? "/etc/ssl/certs/ca-certificates.crt";
  const args = mmdebstrapArguments(image, fs.existsSync(bundle) ? bundle : undefined, archive);
  const child = execa(mmdebstrap, args, { env: environment, extendEnv: false, all: true });
  showLatestLine(child.all, progress);
  await child;
  const changes = (image.settings ?? []).flatMap((setting) => ["--change", setting]);
  const message = ["--message", commentOf(image)];
  await docker(kind, environment, ["import", ...message, ...changes, "-", name], {
    stdin: fs.createReadStream(archive),
  });
  fs.rmSync(archive);
}
