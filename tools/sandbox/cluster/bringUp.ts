import fs from "node:fs/promises";
import path from "node:path";

import type { ClusterTools } from "../install/install";
import { step } from "../../terminal/progress";
import { baseImage, type ImageOrigin, provideImage } from "../images/baseImage";
import { makeCgroups } from "./cgroups";
import { startControlPlane, waitForNamespaces } from "./controlPlane";
import { writeServerCredentials, writeUserCredentials } from "./credentials";
import { docker, hasImage } from "./dockerCli";
import { startEngine } from "./engine";
import { currentRules } from "./firewall";
import { run } from "./host";
import { settingsBefore } from "./kernelSettings";
import { clusterFolder, type ClusterKind } from "./kinds";
import { withLock } from "./lock";
import { setUpNetwork } from "./network";
import { pauseImage, startNode } from "./node";
import { clearOtherState } from "./nodeState";
import { apiServerOf, type ClusterPlan, makePlan, plansBeside, writePlan } from "./plan";
import { startVolumes } from "./volumes";

/**
 * Starts everything that a kind consists of.
 *
 * @throws the first failure; what was started until then is left for `stopCluster`
 */
export async function bringUp(kind: ClusterKind, environment: NodeJS.ProcessEnv, tools: ClusterTools): Promise<void> {
  const folder = clusterFolder(kind);
  const plan = await withLock("settings", async () => {
    const made = await makePlan(kind, await currentRules(environment), await plansBeside(folder));
    made.sysctls = await settingsBefore(folder);
    writePlan(folder, made);
    return made;
  });
  await step(`Docker Engine of the ${kind.name} sandbox`, async () => {
    await setUpNetwork(kind, plan, environment);
    await startEngine(kind, plan, environment);
    await clearOtherState(kind, environment);
    await importPause(kind, environment, tools.pause);
  });
  const start = kind.joins ? startJoining : startWhole;
  await start(kind, plan, environment, tools);
}

/** Starts a control plane and its first node and, at the same time, provides the base image. */
async function startWhole(
  kind: ClusterKind,
  plan: ClusterPlan,
  environment: NodeJS.ProcessEnv,
  tools: ClusterTools,
): Promise<void> {
  const base = step(`Base image ${baseImage}`, async (progress): Promise<ImageOrigin> => {
    const origin = await provideImage(kind, environment, tools.engine.mmdebstrap, baseImage, progress);
    progress.detail(origin);
    return origin;
  });
  const { address, port } = apiServerOf(plan);
  const cluster = step(`Kubernetes at https://${address}:${port}`, async () => {
    await makeCgroups(kind.bridge);
    await writeServerCredentials(kind, plan);
    await writeUserCredentials(kind, plan);
    await startControlPlane(kind, plan, environment);
    await startVolumes(kind, plan, environment);
    await startNode(kind, plan, environment);
    await waitForNamespaces(kind, plan);
  });
  const failed = (await Promise.allSettled([base, cluster])).find((each) => each.status === "rejected");
  if (failed) {
    throw failed.reason;
  }
}

/** Starts a further node of another cluster. It needs no base image: images are built elsewhere. */
async function startJoining(kind: ClusterKind, plan: ClusterPlan, environment: NodeJS.ProcessEnv): Promise<void> {
  const { address, port } = apiServerOf(plan);
  await step(`Node of Kubernetes at https://${address}:${port}`, async () => {
    await makeCgroups(kind.bridge);
    await writeUserCredentials(kind, plan);
    await startNode(kind, plan, environment);
  });
}

async function importPause(kind: ClusterKind, environment: NodeJS.ProcessEnv, binary: string): Promise<void> {
  if (await hasImage(kind, environment, pauseImage)) {
    return;
  }
  const archive = path.join(clusterFolder(kind), "pause.tar");
  await run(environment, ["tar", "-C", path.dirname(binary), "-cf", archive, path.basename(binary)]);
  const entrypoint = `ENTRYPOINT ["/${path.basename(binary)}"]`;
  await docker(kind, environment, ["import", "--change", entrypoint, archive, pauseImage]);
  await fs.rm(archive);
}
