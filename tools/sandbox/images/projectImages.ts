import fs from "node:fs";

import { request } from "../../../components/http";
import type { StageOptions } from "../../../components/image/dockerfileStages";
import { Problem } from "../../../components/problem";
import { step } from "../../terminal/progress";
import { clusterEnvironment } from "../cluster/cluster";
import { clusterFiles, type ClusterKind } from "../cluster/kinds";
import { installClusterTools } from "../install/install";
import { fetchImage } from "./baseImage";
import { externalImages } from "./externalImages";
import { standInFor } from "./standIns";

/**
 * Provides a running cluster's daemon with the images that a Dockerfile takes from elsewhere: pulled, copied from another
 * sandbox or, last, with a stand-in, which is said in a line of its own. Where all are there, nothing is shown.
 *
 * @param file the Dockerfile; one that cannot be read is left to the program
 * @throws a `Problem` with all that cannot be had, before any stand-in is built
 */
export async function provideProjectImages(kind: ClusterKind, file: string, options: StageOptions): Promise<void> {
  const images = externalImages(readIfThere(file), options);
  const absent = (await Promise.all(images.map(async (image) => ((await isThere(kind, image)) ? [] : image)))).flat();
  if (absent.length === 0) {
    return;
  }
  const tools = await installClusterTools();
  const environment = await clusterEnvironment(kind, tools);
  const left = await step(`Images that ${file} names`, async (progress) => {
    const unavailable: string[] = [];
    for (const image of absent) {
      if ((await fetchImage(kind, environment, image, progress)) === undefined) {
        unavailable.push(image);
      }
    }
    progress.detail(`${absent.length - unavailable.length} of ${absent.length} pulled or copied`);
    return unavailable;
  });
  refuseWithoutStandIn(file, left);
  const host = { kind, environment, mmdebstrap: tools.engine.mmdebstrap };
  for (const image of left) {
    const { words, provide } = standInFor(image) ?? {};
    await step(`Image ${image}`, async (progress) => {
      progress.detail(`making ${words}`);
      await provide?.(host, image, progress);
      progress.detail(`cannot be pulled: ${words} stands in`);
    });
  }
}

/** Throws a `Problem` with the images that can neither be pulled nor stood in for. */
export function refuseWithoutStandIn(file: string, images: readonly string[]): void {
  const missing = images.filter((image) => standInFor(image) === undefined);
  const [first] = missing;
  if (first === undefined) {
    return;
  }
  const other = first.includes("@")
    ? `name it in ${file} without the digest, which only a registry knows`
    : `begin with another image in ${file}: python:3.13-slim can be had`;
  throw new Problem(
    `${file} needs ${missing.join(" and ")}, which cannot be pulled: only Debian's images of Python, uv's own and docker/dockerfile have a stand-in`,
    `run \`docker pull ${first}\` where a registry answers, then \`docker save\` and \`docker load\` it here, or ${other}`,
  );
}

function readIfThere(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/**
 * Whether the cluster's daemon has an image: asked at its socket, since the docker CLI takes ten times as long. One that
 * does not answer is left to the build, which says so.
 */
async function isThere(kind: ClusterKind, image: string): Promise<boolean> {
  const options = { socketPath: clusterFiles(kind).dockerSocket, path: `/images/${encodeURI(image)}/json` };
  const answer = await request(options, { isSecure: false, timeoutSeconds: 10 }).catch(() => undefined);
  return answer?.status !== 404;
}
