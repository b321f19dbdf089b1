import { containerName } from "../../components/app/labels";
import { exampleFolder } from "../../components/image/findDockerfile";
import { diagnoseContainer } from "./container";
import { type Diagnosis, mend, oneLine } from "./diagnosis";
import type { Pod, PodEvent } from "./kubernetes";
import { runOf, runsAppImage } from "./needs/run";
import { schedulingAdvice, schedulingReason, type Wishes } from "./scheduling";

/**
 * What is wrong with a pod; undefined while it starts, or once it is ready.
 *
 * @param events what the cluster reported about it, oldest first
 * @param taints those of the nodes, such as "team: other"
 * @param folder the project's, as advice names it
 */
export function diagnose(
  pod: Pod,
  events: readonly PodEvent[] = [],
  taints: readonly string[] = [],
  folder: string = exampleFolder,
): Diagnosis | undefined {
  const { conditions = [], containerStatuses = [], initContainerStatuses = [], phase, reason = "" } = pod.status;
  const subject = `Pod ${pod.metadata.name}`;
  const scheduled = conditions.find(({ type }) => type === "PodScheduled");
  if (scheduled?.status === "False" && scheduled.reason !== undefined) {
    const detail = schedulingReason(oneLine(scheduled.message), taints);
    return {
      subject,
      outcome: pendingOutcome,
      reason: scheduled.reason,
      detail,
      log: "",
      nextStep: schedulingAdvice(detail, wishesOf(pod)),
      patience: "rollout",
    };
  }
  if (phase === "Failed" && reason !== "") {
    return {
      subject,
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
    const found = diagnoseContainer(status, {
      runsOnce: runsOnce(pod),
      isBuilt: isBuilt(pod, status.name),
      isApp: runsAppImage(pod, status.name),
      run: runsAppImage(pod, status.name) ? runOf(pod) : undefined,
      memoryLimit: pod.spec?.containers.find(({ name }) => name === status.name)?.resources?.limits?.["memory"],
      folder,
      events,
    });
    if (found) {
      return { subject, outcome: runsOnce(pod) ? "fails" : pendingOutcome, log: "", ...found };
    }
  }
  return undefined;
}

const pendingOutcome = "does not become ready";

/** Whether it is to end, as a migration is, and is not started again when it failed. */
const runsOnce = ({ spec }: Pod): boolean => spec?.restartPolicy === "Never";

const wishesOf = ({ metadata, spec }: Pod): Wishes => ({
  namespace: metadata.namespace ?? "default",
  requests: spec?.containers.find(({ name }) => name === containerName)?.resources?.requests ?? {},
});

/** Whether a container's image was built on the node's own daemon, so that no registry has it. */
function isBuilt({ spec }: Pod, name: string): boolean {
  const container = spec?.containers.find((each) => each.name === name);
  return name === containerName && container?.imagePullPolicy !== "Always";
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
  const found = diagnose(pod, events, [], folder);
  const isReady = pod.status.conditions?.some(({ type, status }) => type === "Ready" && status === "True");
  if (found !== undefined || isReady || pod.status.phase === "Succeeded") {
    return found;
  }
  const telling =
    events.findLast(({ reason }) => reason === "Unhealthy") ??
    events.findLast(({ type }) => type === "Warning") ??
    events.at(-1);
  const [container] = pod.status.containerStatuses ?? [];
  const ended = container?.state?.terminated ?? container?.lastState?.terminated;
  const longer = Math.min(3600, Math.max(120, 2 * rolloutSeconds));
  return {
    subject: `Pod ${pod.metadata.name}`,
    outcome: pendingOutcome,
    reason: container?.state?.waiting?.reason ?? "NotReady",
    detail: oneLine(telling?.message),
    log: ended?.message ?? "",
    nextStep: `${mend(folder)}, or give it longer with \`pulumi config set rolloutTimeoutSeconds ${longer}\``,
    patience: 0,
    isByProcess: true,
  };
}
