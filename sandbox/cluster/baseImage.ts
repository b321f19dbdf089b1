import fs from "node:fs";
import path from "node:path";

import execa from "execa";

import type { Progress } from "../tools/progress";
import { docker } from "./engine";
import { clusterFolder, type ClusterKind } from "./kinds";

/** The base of app/Dockerfile, and the Debian release that has the same Python. */
export const baseImage = "python:3.13-slim";
const suite = "trixie";
const packages = ["python3", "python3-venv", "python3-pip", "ca-certificates"];

export type BaseImageOrigin = "present" | "pulled" | "built from Debian's packages";

/** Sees to it that the daemon has the base image; says where it came from. */
export async function ensureBaseImage(
  kind: ClusterKind,
  environment: NodeJS.ProcessEnv,
  mmdebstrap: string | undefined,
  progress: Progress,
): Promise<BaseImageOrigin> {
  const ask = async (...args: string[]): Promise<string> => await docker(kind, environment, args, { reject: false });
  if ((await ask("image", "inspect", "--format", "{{.Id}}", baseImage)) !== "") {
    return "present";
  }
  progress.detail(`pulling ${baseImage}`);
  if ((await ask("pull", "--quiet", baseImage)) !== "") {
    return "pulled";
  }
  if (mmdebstrap === undefined) {
    throw new Error(
      `${baseImage} could not be pulled, and a stand-in can only be built on a system with Debian's packages; run \`docker pull ${baseImage}\` where a registry answers, then \`docker save\` and \`docker load\` it.`,
    );
  }
  await buildStandIn(kind, environment, mmdebstrap, progress);
  return "built from Debian's packages";
}

async function buildStandIn(
  kind: ClusterKind,
  environment: NodeJS.ProcessEnv,
  mmdebstrap: string,
  progress: Progress,
): Promise<void> {
  const archive = path.join(clusterFolder(kind), "base-image.tar");
  // A machine behind a proxy that signs with its own authority has it in its bundle: pip must trust it too.
  const bundle = process.env["SSL_CERT_FILE"] ?? "/etc/ssl/certs/ca-certificates.crt";
  const hooks = [
    `ln -s python3 "$1/usr/bin/python"`,
    `rm -rf "$1"/usr/share/man "$1"/usr/share/doc "$1"/usr/share/locale "$1"/var/cache/apt`,
    // As in the image that this stands in for, pip installs where it is told to.
    `rm -f "$1"/usr/lib/python3*/EXTERNALLY-MANAGED`,
    ...(fs.existsSync(bundle) ? [`cp ${bundle} "$1/etc/ssl/certs/ca-certificates.crt"`] : []),
  ];
  const subprocess = execa(
    mmdebstrap,
    [
      "--variant=minbase",
      `--include=${packages.join(",")}`,
      ...hooks.map((hook) => `--customize-hook=${hook}`),
      suite,
      archive,
    ],
    { env: environment, extendEnv: false, all: true },
  );
  subprocess.all?.on("data", (chunk: Buffer) => {
    progress.detail(chunk.toString().trim().split("\n").at(-1) ?? "");
  });
  await subprocess;
  const settings = ["CMD python3", "ENV PIP_CERT=/etc/ssl/certs/ca-certificates.crt"];
  const changes = settings.flatMap((setting) => ["--change", setting]);
  await docker(kind, environment, ["import", ...changes, "-", baseImage], { stdin: fs.createReadStream(archive) });
  fs.rmSync(archive);
}
