import { createRequire } from "node:module";
import path from "node:path";

import { readBuild } from "../../components/config/image";
import { readProjectPlace } from "../../components/config/project";
import { dockerfileIn } from "../../components/image/findDockerfile";
import { local } from "../sandbox/cluster/kinds";
import { StackConfig } from "./stackConfig";

type ProjectImages = typeof import("../sandbox/images/projectImages");

// Only the sandbox needs it.
const load = createRequire(__filename);

/**
 * Provides the sandbox with the images that the Dockerfiles of a stack's apps take from elsewhere; other daemons pull them.
 *
 * @param configFile of the stack
 * @param root folder of the program. @default this one
 * @throws a `Problem` when one cannot be had
 */
export async function provideBuildImages(configFile: string, root = "."): Promise<void> {
  const config = StackConfig.in(configFile);
  if (config.target !== "sandbox") {
    return;
  }
  const { provideProjectImages } = load("../sandbox/images/projectImages") as ProjectImages;
  for (const app of config.apps) {
    const build = readForBuild(config.ofApp(app), root);
    if (build !== undefined) {
      await provideProjectImages(local, build.file, build);
    }
  }
}

/** Undefined for what the program refuses, which says why. */
function readForBuild(
  config: StackConfig,
  root: string,
): { file: string; buildArgs: Record<string, string>; stage: string | undefined } | undefined {
  try {
    const place = readProjectPlace(config);
    const folder = path.join(root, place.folder);
    const file = path.join(folder, dockerfileIn({ ...place, folder }));
    return { file, buildArgs: readBuild(config).buildArgs, stage: place.stage };
  } catch {
    return undefined;
  }
}
