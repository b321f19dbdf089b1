import { installClusterTools } from "../install/install";
import { step } from "../../terminal/progress";
import { type ImageOrigin, provideImage } from "./baseImage";
import { clusterEnvironment } from "../cluster/cluster";
import type { ClusterKind } from "../cluster/kinds";

/** Provides a running cluster with an image, as a step that is shown. */
export async function ensureImage(kind: ClusterKind, image: string): Promise<ImageOrigin> {
  const tools = await installClusterTools();
  const environment = await clusterEnvironment(kind, tools);
  return await step(`Image ${image}`, async (progress) => {
    const origin = await provideImage(kind, environment, tools.engine.mmdebstrap, image, progress);
    progress.detail(origin);
    return origin;
  });
}
