import { type Diagnosis, oneLine } from "./diagnosis";

/** What controllers put before the API server's own words. */
const prefix = /^(Error creating: |create Pod \S+ in StatefulSet \S+ failed error: )/;

/** Config keys by the resource that a quota or a limit is for. */
const keys: Record<string, string> = {
  pods: "replicas",
  cpu: "cpuRequest",
  memory: "memoryRequest",
  "requests.cpu": "cpuRequest",
  "requests.memory": "memoryRequest",
  "limits.cpu": "cpuLimit",
  "limits.memory": "memoryLimit",
};

type Advice = Pick<Diagnosis, "nextStep" | "patience">;

/** Seconds after which a rule that no passing of time changes is taken for final. */
const settledSeconds = 3;

const rules: [pattern: RegExp, advice: (match: RegExpExecArray, namespace: string) => Advice][] = [
  [
    /exceeded quota: ([^,]+), requested: (.*?), used:/,
    ([, quota = "", requested = ""], namespace) => ({
      nextStep: `${lower(resourcesIn(requested))}raise the quota with \`kubectl --namespace ${namespace} edit resourcequota ${quota}\``,
      // Others may give back what they use.
      patience: "rollout",
    }),
  ],
  [
    /failed quota: ([^:]+): must specify (.+?)( for:|$)/,
    ([, , resources = ""]) => ({
      nextStep: `set ${keyList(resources.split(/[,;] ?/))} with \`pulumi config set\`, since the quota counts it`,
      patience: settledSeconds,
    }),
  ],
  [
    /(maximum|minimum|max limit to request ratio|No limit is specified).*?\b(cpu|memory|storage)\b|(cpu|memory) max limit to request ratio/i,
    (match, namespace) => {
      const resource = /\b(cpu|memory)\b/.exec(match[0])?.[1] ?? "memory";
      return {
        nextStep: `set \`${resource}Request\` and \`${resource}Limit\` with \`pulumi config set\` to what the LimitRange allows, which \`kubectl --namespace ${namespace} describe limitrange\` shows`,
        patience: settledSeconds,
      };
    },
  ],
  [
    /violates PodSecurity "([^":]+)/,
    ([, level = ""], namespace) => ({
      nextStep: `change in components/app/hardening.ts what level "${level}" forbids, or the level with \`kubectl label namespace ${namespace} --overwrite pod-security.kubernetes.io/enforce=baseline\``,
      patience: settledSeconds,
    }),
  ],
  [
    /admission webhook "([^"]+)" denied/,
    ([, webhook = ""]) => ({
      nextStep: `change what the cluster's webhook ${webhook} denies, or ask the cluster's administrator`,
      patience: settledSeconds,
    }),
  ],
  [
    /failed calling webhook "([^"]+)"/,
    ([, webhook = ""]) => ({
      nextStep: `ask the cluster's administrator to start the service of the webhook ${webhook}`,
      patience: "rollout",
    }),
  ],
  [
    /being terminated/,
    (_, namespace) => ({
      nextStep: `wait until \`kubectl get namespace ${namespace}\` finds nothing`,
      patience: settledSeconds,
    }),
  ],
];

/**
 * Why no pod is made: what the API server answers to the controller that would make it.
 *
 * @param subject what the pods are for, such as "Deployment web"
 */
export function diagnoseRefusal(subject: string, message: string, namespace: string): Diagnosis {
  const detail = oneLine(message).replace(prefix, "");
  const advice = rules
    .map(([pattern, make]) => {
      const match = pattern.exec(detail);
      return match === null ? undefined : make(match, namespace);
    })
    .find((found) => found !== undefined);
  return {
    subject,
    outcome: "gets no pod",
    reason: "FailedCreate",
    detail,
    log: "",
    nextStep: `look with \`kubectl --namespace ${namespace} get events\` for what the cluster demands`,
    patience: "rollout",
    ...advice,
  };
}

const resourcesIn = (requested: string): string[] => requested.split(",").map((each) => each.split("=")[0] ?? "");

function keyList(resources: string[]): string {
  const known = resources.flatMap((each) => keys[each.trim()] ?? []);
  return [...new Set(known)].map((key) => `\`${key}\``).join(" and ");
}

function lower(resources: string[]): string {
  const known = keyList(resources);
  return known === "" ? "" : `lower ${known} with \`pulumi config set\`, or `;
}
