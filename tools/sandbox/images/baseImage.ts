import { postgresImage } from "../../../components/app/postgresImage";
import { rcloneImage } from "../../../components/app/rcloneImage";
import { redisImage } from "../../../components/app/redisImage";
import { Problem } from "../../../components/problem";
import type { Progress } from "../../terminal/progress";
import { docker } from "../cluster/dockerCli";
import type { ClusterKind } from "../cluster/kinds";
import { copyImage } from "./copyImage";
import { buildDebianImage, commentOf, type DebianImage, isOutdated } from "./debianImage";
import { postgresStandIns } from "./postgresStandIns";
import { pythonImage } from "./pythonImage";

/** The image that app/Dockerfile starts from. */
export const baseImage = "python:3.13-slim";
/** The image of a database in the cluster. */
export const databaseImage = postgresImage;

/** What stands in for an image where its public registry cannot be reached: the same versions from Debian's packages. */
export const standIns: Partial<Record<string, DebianImage>> = {
  [baseImage]: pythonImage({ release: "trixie", size: "slim" }),
  ...postgresStandIns,
  [rcloneImage]: {
    packages: ["rclone", "ca-certificates"],
    trustsMachinesAuthorities: true,
    settings: [`ENTRYPOINT ["rclone"]`],
  },
  [redisImage]: {
    packages: ["valkey-server"],
    hooks: [
      // The official image's user, which the package then uses.
      `--essential-hook=echo valkey:x:999:999::/data:/bin/sh >>"$1/etc/passwd"`,
      `--essential-hook=echo valkey:x:999: >>"$1/etc/group"`,
      `--customize-hook=install -d -o 999 -g 999 "$1/data"`,
    ],
    settings: ["WORKDIR /data", "EXPOSE 6379", `CMD ["valkey-server"]`],
  },
};

export type ImageOrigin =
  "present" | "pulled" | `copied from the ${ClusterKind["name"]} sandbox` | "built from Debian's packages";

/**
 * Provides the cluster's daemon with an image: pulled, copied from another sandbox or, last, built. A stand-in that an
 * earlier release built is built again.
 *
 * @param mmdebstrap path of the executable that builds images; undefined where this system has none
 * @returns where the image came from
 * @throws a `Problem` when there is no way to get the image
 */
export async function provideImage(
  kind: ClusterKind,
  environment: NodeJS.ProcessEnv,
  mmdebstrap: string | undefined,
  image: string,
  progress: Progress,
): Promise<ImageOrigin> {
  const present = await inspect(kind, environment, image);
  const made = standIns[image];
  if (present !== undefined && (mmdebstrap === undefined || made === undefined || !isOutdated(present.comment, made))) {
    return "present";
  }
  const fetched = present === undefined ? await fetchImage(kind, environment, image, progress) : undefined;
  if (fetched !== undefined) {
    return fetched;
  }
  await standIn(kind, environment, mmdebstrap, { name: image, made }, progress);
  if (present !== undefined) {
    const names = ["image", "inspect", "--format", "{{len .RepoTags}}", present.id];
    // With another name it is a stand-in for that as well. One that a pod runs stays.
    if ((await docker(kind, environment, names, { reject: false })) === "0") {
      await docker(kind, environment, ["image", "rm", present.id], { reject: false });
    }
  }
  return "built from Debian's packages";
}

/** Pulls an image, or copies it from another sandbox; undefined where neither can be done. */
export async function fetchImage(
  kind: ClusterKind,
  environment: NodeJS.ProcessEnv,
  image: string,
  progress: Progress,
): Promise<ImageOrigin | undefined> {
  progress.detail(`pulling ${image}`);
  if ((await docker(kind, environment, ["pull", "--quiet", image], { reject: false })) !== "") {
    return "pulled";
  }
  progress.detail(`looking for ${image} in other sandboxes`);
  const other = await copyImage(kind, environment, image);
  return other && `copied from the ${other} sandbox`;
}

/**
 * Makes a stand-in, or gives the same one, which has another name, this name, too.
 *
 * @throws a `Problem` on a system without mmdebstrap
 */
export async function standIn(
  kind: ClusterKind,
  environment: NodeJS.ProcessEnv,
  mmdebstrap: string | undefined,
  { name, made }: { name: string; made: DebianImage | undefined },
  progress: Progress,
): Promise<void> {
  if (made === undefined) {
    throw new Problem(
      `${name} could not be pulled, and nothing stands in for it`,
      `run \`docker pull ${name}\` where a registry answers, then \`docker save\` and \`docker load\` it`,
    );
  }
  const same = await imageWith(kind, environment, commentOf(made));
  if (same !== undefined) {
    await docker(kind, environment, ["tag", same, name]);
    return;
  }
  if (mmdebstrap === undefined) {
    throw new Problem(
      `${name} could not be pulled, and a stand-in can only be built on a system with Debian's packages`,
      `run \`docker pull ${name}\` where a registry answers, then \`docker save\` and \`docker load\` it`,
    );
  }
  await buildDebianImage(kind, environment, mmdebstrap, name, made, progress);
}

/** An image's id and comment; undefined where the daemon does not have the image. */
async function inspect(
  kind: ClusterKind,
  environment: NodeJS.ProcessEnv,
  image: string,
): Promise<{ id: string; comment: string } | undefined> {
  const ask = ["image", "inspect", "--format", "{{.Id}} {{.Comment}}", image];
  const answer = await docker(kind, environment, ask, { reject: false });
  const [id = "", ...words] = answer.split(" ");
  return answer === "" ? undefined : { id, comment: words.join(" ").trim() };
}

/** Id of the stand-in for a Python that has that comment. */
async function imageWith(
  kind: ClusterKind,
  environment: NodeJS.ProcessEnv,
  comment: string,
): Promise<string | undefined> {
  const list = ["image", "ls", "--quiet", "--no-trunc", "--filter", "reference=python"];
  const ids = await docker(kind, environment, list, { reject: false });
  if (ids === "") {
    return undefined;
  }
  const ask = ["image", "inspect", "--format", "{{.Id}} {{.Comment}}", ...new Set(ids.split("\n"))];
  const lines = (await docker(kind, environment, ask, { reject: false })).split("\n");
  return lines.find((line) => line.endsWith(` ${comment}`))?.split(" ")[0];
}
