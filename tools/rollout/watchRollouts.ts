import os from "node:os";

import { kubeconfigFiles, readKubeContext } from "../../components/targets/kubeconfig";
import type { Problem } from "../../components/problem";
import type { EngineEvent, StepMetadata } from "../pulumi/engineEvents";
import type { End } from "../pulumi/operate";
import { inItsName } from "../app/onApp";
import { roleOf } from "../app/role";
import { step } from "../terminal/progress";
import { giveUp, until } from "../waiting";
import { diagnose, diagnoseLate } from "./diagnose";
import { describeWait, type Diagnosis, explain } from "./diagnosis";
import {
  clusterTime,
  eventsOf,
  isAvailable,
  isServed,
  logOf,
  type Pod,
  podsOf,
  progressOf,
  refusalOf,
  type Rollout,
  nodeFacts,
  type Template,
} from "./kubernetes";
import { listeningAdvice } from "./listening";
import type { AskImage } from "./needs/image";
import { withNeed } from "./needs/withNeed";
import { diagnoseRefusal } from "./refusal";
import { volumeTrouble } from "./volumes";

const logLines = 40;
/** Lines in which a need is looked for that the last ones do not name, as of an error that led to others. */
const moreLogLines = 300;
/** Seconds after a Deployment's own deadline in which its controller says so. */
const controllerSeconds = 30;
const underWay = Symbol("under way");
const deploymentType = "kubernetes:apps/v1:Deployment";
/** What makes pods that an update waits for. */
const watchedTypes = new Set([deploymentType, "kubernetes:apps/v1:StatefulSet", "kubernetes:batch/v1:Job"]);
const providerType = "pulumi:providers:kubernetes";
const changing = new Set(["create", "update", "replace", "create-replacement"]);

/** Pods whose trouble this process has told already. */
const told = new Set<string>();

/** What an app's config says of its rollouts. */
export interface AppRollouts {
  /** Its name in index.ts. */
  app: string;
  /** Seconds that a rollout may take. */
  rolloutSeconds: number;
  /** The project's folder, as advice names it. */
  folder: string;
  /** Replicas that the app could do with; undefined where it has no more. */
  fewerReplicas: number | undefined;
}

/** How a rollout is watched. */
export interface RolloutWatchOptions {
  /** The app that has a namespace. */
  appIn: (namespace: string) => AppRollouts;
  /** How the update is run again, as the end of a clause; "" where a save does that. */
  retry: string;
  /** What an image says of its processes. */
  askImage: AskImage;
  /** Shows a line about what the rollout waits for. */
  say: (line: string) => void;
  /** @default 500 */
  pollMilliseconds?: number;
}

interface Watched {
  of: AppRollouts;
  rollout: Rollout & { replicas: number };
  since: number;
}

/** Something that is wrong, and the pod that it is about, if there is one. */
interface Trouble {
  diagnosis: Diagnosis;
  /** Names it as long as it lasts. */
  key: string;
  pod?: Pod;
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
  /** When each trouble was first seen, in milliseconds. */
  private readonly firstSeen = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;
  private found: Problem | undefined;
  private readonly pollMilliseconds: number;

  /** Calls `onFailure` once, as soon as a rollout is known to fail. */
  constructor(
    private readonly environment: NodeJS.ProcessEnv,
    private readonly onFailure: () => void,
    private readonly options: RolloutWatchOptions,
  ) {
    this.pollMilliseconds = options.pollMilliseconds ?? 500;
  }

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
  async stop(end: End): Promise<Problem | undefined> {
    const watched = [...this.watched.values()];
    // A look that is under way must not be followed by another.
    this.watched.clear();
    clearTimeout(this.timer);
    if (this.found !== undefined || end === "interrupted") {
      return this.found;
    }
    const reasonOf = end === "failed" ? this.explainLate : this.untilDone;
    for (const each of end === "failed" ? watched : this.done) {
      const said = await each.then(reasonOf).catch(() => undefined);
      if (said !== undefined) {
        return said;
      }
    }
    return undefined;
  }

  private async watch({ type, provider, new: changed }: StepMetadata): Promise<Watched> {
    const urn = (provider ?? "").split("::").slice(0, -1).join("::");
    const { context, kubeconfig } = (this.providers.get(urn) ?? {}) as { context?: string; kubeconfig?: string };
    const files = kubeconfig
      ? [kubeconfig]
      : kubeconfigFiles(this.environment, this.environment["HOME"] ?? os.homedir());
    const kubeContext = readKubeContext(files, context ?? "", "");
    const inputs = changed?.inputs as {
      metadata: { name: string; namespace: string };
      spec: { replicas?: number; template: Template };
    };
    const { name, namespace } = inputs.metadata;
    const kind = type.split(":").at(-1) ?? "";
    const { replicas = 1, template } = inputs.spec;
    const rollout = { context: kubeContext, namespace, kind, name, replicas, template };
    // The event may have been read a moment after the engine went on.
    return { of: this.options.appIn(namespace), rollout, since: (await clusterTime(kubeContext)) - 2000 };
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

  private async lookAt(watched: Watched): Promise<Problem | undefined> {
    for (const trouble of await troublesOf(watched)) {
      if (this.hasLasted(watched, trouble)) {
        return await this.explained(watched, trouble);
      }
    }
    return undefined;
  }

  /**
   * Pulumi's provider may look at a Deployment before the controller has seen the change, and take the version before for
   * the new one (await/deployment.go, which looks at no observedGeneration after its first event).
   */
  private readonly untilDone = async (watched: Watched): Promise<Problem | undefined> => {
    const { rollout } = watched;
    const { progress, deadlineSeconds } = await progressOf(rollout, rollout.name);
    if (progress === "done") {
      return undefined;
    }
    const look = async (): Promise<Problem | undefined> => {
      const outcome = await this.outcomeOf(watched).catch(giveUp);
      if (outcome === underWay) {
        throw new Error(`Deployment ${rollout.name} is under way`);
      }
      return outcome;
    };
    // Only a controller that does not run lets a Deployment's own time pass without a word.
    const seconds = deadlineSeconds + controllerSeconds;
    return await step(
      `Rollout of ${rollout.name}`,
      async () => await until(look, { seconds, pauseMilliseconds: this.pollMilliseconds / 2 }),
    );
  };

  /** Why a rollout failed, undefined once it is done. */
  private async outcomeOf(watched: Watched): Promise<Problem | typeof underWay | undefined> {
    const found = await this.lookAt(watched);
    if (found !== undefined) {
      return found;
    }
    switch ((await progressOf(watched.rollout, watched.rollout.name)).progress) {
      case "under way":
        return underWay;
      case "late":
        return await this.explainLate(watched);
      case "done":
        return undefined;
    }
  }

  /** Whether a trouble has lasted so long that it ends the rollout; says when one begins that may pass. */
  private hasLasted({ of: { rolloutSeconds } }: Watched, { diagnosis, key, pod }: Trouble): boolean {
    const { patience } = diagnosis;
    const { say } = this.options;
    const first = this.firstSeen.get(key);
    if (first === undefined && patience === "rollout" && !told.has(pod?.metadata.uid ?? "")) {
      say(describeWait(diagnosis, rolloutSeconds));
    }
    this.firstSeen.set(key, first ?? Date.now());
    if (pod !== undefined && told.has(pod.metadata.uid)) {
      return true;
    }
    return Date.now() - (first ?? Date.now()) >= (patience === "rollout" ? rolloutSeconds : patience) * 1000;
  }

  private readonly explainLate = async (watched: Watched): Promise<Problem | undefined> => {
    const { rollout, since, of } = watched;
    const [trouble] = await troublesOf(watched);
    if (trouble !== undefined) {
      return await this.explained(watched, trouble);
    }
    for (const { pod } of await podsOf(rollout, since)) {
      const diagnosis = diagnoseLate(pod, await eventsOf(rollout, pod), of.rolloutSeconds, of.folder);
      if (diagnosis !== undefined) {
        const advice = await listeningAdvice(rollout, pod, diagnosis).catch(() => undefined);
        return await this.explained(watched, {
          diagnosis: { ...diagnosis, ...advice, isByProcess: advice === undefined },
          key: "",
          pod,
        });
      }
    }
    return undefined;
  };

  private async explained({ of: { app }, rollout }: Watched, { diagnosis, pod }: Trouble): Promise<Problem> {
    if (pod !== undefined) {
      told.add(pod.metadata.uid);
    }
    // A container that ended left its last lines in its status; of one that runs they have to be fetched.
    const log = pod === undefined || diagnosis.log.trim() !== "" ? diagnosis.log : await logOf(rollout, pod, logLines);
    const whole = { ...diagnosis, log };
    const found =
      pod === undefined
        ? whole
        : await withNeed(whole, pod, this.options.askImage, () => logOf(rollout, pod, moreLogLines));
    const isServedNow = found.process === undefined ? isServed(rollout) : isAvailable(rollout, rollout.name);
    return inItsName(app, explain(found, await isServedNow, this.options.retry));
  }
}

/** What is wrong with the pods of a rollout, or with the making of them. */
async function troublesOf({ of: { fewerReplicas, folder }, rollout, since }: Watched): Promise<Trouble[]> {
  const troubles: Trouble[] = [];
  const pods = await podsOf(rollout, since);
  for (const { pod, isNew } of pods) {
    const first = diagnose(pod);
    // It says more than the scheduler, which for some StorageClasses says nothing at all.
    const missing = await volumeTrouble(rollout, pod);
    const isByNodes = first?.reason === "Unschedulable";
    const nodes = isByNodes ? await nodeFacts(rollout) : undefined;
    const diagnosis = missing ?? (first && diagnose(pod, await eventsOf(rollout, pod), nodes, folder));
    // Of a pod from an earlier try only a crash says something of this one, too.
    if (diagnosis !== undefined && (isNew || diagnosis.patience === 0 || told.has(pod.metadata.uid))) {
      troubles.push({ diagnosis, key: `${pod.metadata.uid} ${diagnosis.reason}`, pod });
    }
  }
  const refusal = pods.length > 0 && rollout.kind !== "Deployment" ? undefined : await refusalOf(rollout, since);
  if (refusal !== undefined) {
    const role = roleOf(rollout.template.metadata?.labels);
    const fewer = role?.kind === "process" ? (rollout.replicas > 1 ? 1 : undefined) : fewerReplicas;
    const diagnosis = diagnoseRefusal(refusal, { ...rollout, role, fewerReplicas: fewer });
    troubles.push({ diagnosis, key: diagnosis.subject });
  }
  return troubles;
}
