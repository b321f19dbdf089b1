import os from "node:os";

import type { Problem } from "../../components/problem";
import { step } from "../terminal/progress";
import { giveUp, until } from "../waiting";
import { kubeconfigFiles, readKubeContext } from "../../components/targets/kubeconfig";
import type { EngineEvent, StepMetadata } from "../pulumi/engineEvents";
import { diagnose, diagnoseLate, type Diagnosis, explain } from "./diagnose";
import { clusterTime, eventsOf, isServed, logOf, type Pod, podsSince, progressOf, type Rollout } from "./kubernetes";

const logLines = 40;
/** Seconds after a Deployment's own deadline in which its controller says so. */
const controllerSeconds = 30;
const underWay = Symbol("under way");
const deploymentType = "kubernetes:apps/v1:Deployment";
/** What makes pods that an update waits for. */
const watchedTypes = new Set([deploymentType, "kubernetes:apps/v1:StatefulSet", "kubernetes:batch/v1:Job"]);
const providerType = "pulumi:providers:kubernetes";
const changing = new Set(["create", "update", "replace", "create-replacement"]);

interface Watched {
  rollout: Rollout;
  /** Of the object that makes the pods. */
  name: string;
  since: number;
}

/**
 * Watches the pods of each Deployment that the engine changes: the engine itself waits until its time is up.
 *
 * It learns where they are from the engine's events, so it looks at the cluster the program chose.
 */
export class RolloutWatch {
  private readonly providers = new Map<string, Record<string, unknown>>();
  private readonly watched = new Map<string, Promise<Watched>>();
  /** Deployments that the engine takes for done. */
  private readonly done: Promise<Watched>[] = [];
  /** When each trouble of each pod was first seen, in milliseconds. */
  private readonly firstSeen = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;
  private found: Problem | undefined;

  /** Calls `onFailure` once, as soon as a pod is known to never become ready; looks every `pollMilliseconds`. */
  constructor(
    private readonly environment: NodeJS.ProcessEnv,
    private readonly onFailure: () => void,
    private readonly pollMilliseconds = 500,
  ) {}

  /** Takes in what the engine is doing. */
  readonly onEvent = ({ resourcePreEvent, resOutputsEvent }: EngineEvent): void => {
    const begun = resourcePreEvent?.metadata;
    if (begun?.type === providerType) {
      this.providers.set(begun.urn, begun.new?.inputs ?? {});
    }
    if (begun !== undefined && watchedTypes.has(begun.type) && changing.has(begun.op)) {
      const beginning = this.watch(begun);
      // If the cluster cannot be asked, the engine's own timeout ends the update.
      beginning.catch(() => undefined);
      this.watched.set(begun.urn, beginning);
      this.poll();
    }
    const ended = resOutputsEvent?.metadata;
    const watched = this.watched.get(ended?.urn ?? "");
    if (ended !== undefined && watched !== undefined) {
      this.watched.delete(ended.urn);
      if (ended.type === deploymentType) {
        this.done.push(watched);
      }
    }
  };

  /**
   * Ends the watch, once what the engine takes for done is.
   *
   * @returns why the rollout failed, for the user; undefined when nothing of it is to be seen on the pods
   */
  async stop(failed: boolean): Promise<Problem | undefined> {
    const watched = [...this.watched.values()];
    // A look that is under way must not be followed by another.
    this.watched.clear();
    clearTimeout(this.timer);
    if (this.found !== undefined) {
      return this.found;
    }
    const reasonOf = failed ? explainLate : this.untilDone;
    for (const each of failed ? watched : this.done) {
      const said = await each.then(reasonOf).catch(() => undefined);
      if (said !== undefined) {
        return said;
      }
    }
    return undefined;
  }

  private async watch({ provider, new: changed }: StepMetadata): Promise<Watched> {
    const urn = (provider ?? "").split("::").slice(0, -1).join("::");
    const { context, kubeconfig } = (this.providers.get(urn) ?? {}) as { context?: string; kubeconfig?: string };
    const files = kubeconfig
      ? [kubeconfig]
      : kubeconfigFiles(this.environment, this.environment["HOME"] ?? os.homedir());
    const kubeContext = readKubeContext(files, context ?? "", "");
    const inputs = changed?.inputs as {
      metadata: { name: string; namespace: string };
      spec: { template: { metadata: { labels: Record<string, string> } } };
    };
    const { name, namespace } = inputs.metadata;
    const rollout = { context: kubeContext, namespace, podLabels: inputs.spec.template.metadata.labels };
    // The event may have been read a moment after the engine went on.
    return { rollout, name, since: (await clusterTime(kubeContext)) - 2000 };
  }

  private poll(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      void this.look()
        .catch(() => undefined)
        .then(() => {
          if (this.found === undefined && this.watched.size > 0) {
            this.poll();
          }
        });
    }, this.pollMilliseconds);
  }

  private async look(): Promise<void> {
    for (const each of [...this.watched.values()]) {
      this.found = await this.lookAt(await each);
      if (this.found !== undefined) {
        this.onFailure();
        return;
      }
    }
  }

  private async lookAt({ rollout, since }: Watched): Promise<Problem | undefined> {
    for (const pod of await podsSince(rollout, since)) {
      const diagnosis = diagnose(pod);
      if (diagnosis !== undefined && this.lasted(pod, diagnosis)) {
        return await explained(rollout, pod, diagnosis);
      }
    }
    return undefined;
  }

  /**
   * Pulumi's provider may look at a Deployment before the controller has seen the change, and take the version before for
   * the new one (await/deployment.go, which looks at no observedGeneration after its first event).
   */
  private readonly untilDone = async (watched: Watched): Promise<Problem | undefined> => {
    const { rollout, name } = watched;
    const { progress, deadlineSeconds } = await progressOf(rollout, name);
    if (progress === "done") {
      return undefined;
    }
    const look = async (): Promise<Problem | undefined> => {
      const outcome = await this.outcomeOf(watched).catch(giveUp);
      if (outcome === underWay) {
        throw new Error(`Deployment ${name} is under way`);
      }
      return outcome;
    };
    // Only a controller that does not run lets a Deployment's own time pass without a word.
    const seconds = deadlineSeconds + controllerSeconds;
    return await step(
      `Rollout of ${name}`,
      async () => await until(look, { seconds, pauseMilliseconds: this.pollMilliseconds / 2 }),
    );
  };

  /** Why a rollout failed, undefined once it is done. */
  private async outcomeOf(watched: Watched): Promise<Problem | typeof underWay | undefined> {
    const found = await this.lookAt(watched);
    if (found !== undefined) {
      return found;
    }
    switch ((await progressOf(watched.rollout, watched.name)).progress) {
      case "under way":
        return underWay;
      case "late":
        return await explainLate(watched);
      case "done":
        return undefined;
    }
  }

  private lasted(pod: Pod, { reason, patienceSeconds }: Diagnosis): boolean {
    const key = `${pod.metadata.uid} ${reason}`;
    const first = this.firstSeen.get(key) ?? Date.now();
    this.firstSeen.set(key, first);
    return Date.now() - first >= patienceSeconds * 1000;
  }
}

async function explainLate({ rollout, since }: Watched): Promise<Problem | undefined> {
  for (const pod of await podsSince(rollout, since)) {
    const diagnosis = diagnoseLate(pod, await eventsOf(rollout, pod));
    if (diagnosis !== undefined) {
      return await explained(rollout, pod, diagnosis);
    }
  }
  return undefined;
}

async function explained(rollout: Rollout, pod: Pod, diagnosis: Diagnosis): Promise<Problem> {
  return explain(await withLog(rollout, pod, diagnosis), await isServed(rollout));
}

/** A container that ended left its last lines in its status; of one that runs they have to be fetched. */
async function withLog(rollout: Rollout, pod: Pod, diagnosis: Diagnosis): Promise<Diagnosis> {
  return diagnosis.log.trim() === "" ? { ...diagnosis, log: await logOf(rollout, pod, logLines) } : diagnosis;
}
