import { roleOfPod } from "../app/role";
import { exampleFolder } from "../../components/image/findDockerfile";
import { diagnoseContainer, lastOutput } from "./container";
import { type Diagnosis, mend, oneLine } from "./diagnosis";
import { healthAdvice } from "./health";
import type { NodeFacts, Pod, PodEvent } from "./kubernetes";
import { runOf, runsAppImage } from "./needs/run";
import { schedulingAdvice, schedulingReason, type Wishes } from "./scheduling";
import { mountAdvice } from "./volumes";
import { whoseOf } from "./whose";

/**
 * What is wrong with a pod; undefined while it starts, or once it is ready.
 *
 * @param events what the cluster reported about it, oldest first
 * @param nodes what keeps pods from them
 * @param folder the project's, as advice names it
 */
export function diagnose(
  pod: Pod,
  events: readonly PodEvent[] = [],
  { taints, cordoned }: NodeFacts = { taints: [], cordoned: [] },
  folder: string = exampleFolder,
): Diagnosis | undefined {
  const { conditions = [], containerStatuses = [], initContainerStatuses = [], phase, reason = "" } = pod.status;
  const role = roleOfPod(pod);
  const whose = whoseOf(pod, role);
  const scheduled = conditions.find(({ type }) => type === "PodScheduled");
  if (scheduled?.status === "False" && scheduled.reason !== undefined) {
    const detail = schedulingReason(oneLine(scheduled.message), taints);
    return {
      ...whose,
      outcome: pendingOutcome,
      reason: scheduled.reason,
      detail,
      log: "",
      nextStep: schedulingAdvice(detail, { ...wishesOf(pod), cordoned }),
      patience: "rollout",
    };
  }
  if (phase === "Failed" && reason !== "") {
    return {
      ...whose,
      outcome: pendingOutcome,
      reason,
      detail: oneLine(pod.status.message),
      log: "",
      nextStep: evictionAdvice(pod.status.message ?? "", wishesOf(pod).namespace),
      // Its controller makes another.
      patience: runsOnce(pod) ? 0 : "rollout",
    };
  }
  for (const status of [...initContainerStatuses, ...containerStatuses]) {
    const all = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])];
    const container = all.find(({ name }) => name === status.name);
    const found = diagnoseContainer(status, {
      role,
      runsOnce: runsOnce(pod),
      isBuilt: runsAppImage(pod, status.name) && container?.imagePullPolicy !== "Always",
      isApp: runsAppImage(pod, status.name),
      run: runsAppImage(pod, status.name) ? runOf(pod) : undefined,
      memoryLimit: container?.resources?.limits?.["memory"],
      healthAdvice: healthAdvice(pod, role),
      folder,
      events,
    });
    if (found) {
      return { ...whose, outcome: runsOnce(pod) ? "fails" : pendingOutcome, log: "", ...found };
    }
  }
  return undefined;
}

const pendingOutcome = "does not become ready";

/** Whether it is to end, as a migration is, and is not started again when it failed. */
const runsOnce = ({ spec }: Pod): boolean => spec?.restartPolicy === "Never";

function wishesOf(pod: Pod): Wishes {
  const role = roleOfPod(pod);
  const container = pod.spec?.containers.find(({ name }) => name === role?.app);
  return { namespace: pod.metadata.namespace ?? "default", requests: container?.resources?.requests ?? {}, role };
}

function evictionAdvice(message: string, namespace: string): string {
  if (/ephemeral|DiskPressure/i.test(message)) {
    return "free disk space on the node, such as with `npm run prune -- --yes`";
  }
  if (/memory/i.test(message)) {
    return "free memory on the node";
  }
  return `look with \`kubectl --namespace ${namespace} describe pods\` why its node ended it`;
}

/**
 * What can be said of a pod whose time was up: what `diagnose` finds, or what its last failed probe said.
 *
 * @param rolloutSeconds what the rollout was given
 */
export function diagnoseLate(
  pod: Pod,
  events: readonly PodEvent[],
  rolloutSeconds: number,
  folder: string = exampleFolder,
): Diagnosis | undefined {
  const found = diagnose(pod, events, undefined, folder);
  const isReady = pod.status.conditions?.some(({ type, status }) => type === "Ready" && status === "True");
  if (found !== undefined || isReady || pod.status.phase === "Succeeded") {
    return found;
  }
  const telling =
    events.findLast(({ reason }) => reason === "Unhealthy") ??
    events.findLast(({ type }) => type === "Warning") ??
    events.at(-1);
  const role = roleOfPod(pod);
  const volume = telling && mountAdvice(telling, wishesOf(pod).namespace);
  const [container] = pod.status.containerStatuses ?? [];
  const ended = container?.state?.terminated ?? container?.lastState?.terminated;
  const longer = Math.min(3600, Math.max(120, 2 * rolloutSeconds));
  return {
    ...whoseOf(pod, role),
    outcome: pendingOutcome,
    reason: container?.state?.waiting?.reason ?? "NotReady",
    detail: oneLine(telling?.message),
    log: lastOutput(ended),
    nextStep:
      volume ??
      `${mend(folder)}${telling?.reason === "Unhealthy" ? healthAdvice(pod, role) : ""}, or give it longer with \`pulumi config set rolloutTimeoutSeconds ${longer}\``,
    patience: 0,
    isByProcess: volume === undefined,
  };
}
