import { configKey, setKey } from "../app/configKey";
import { type Role, web } from "../app/role";
import { type Diagnosis, oneLine } from "./diagnosis";
import { limitSettings, quotaSettings, type Setting, usualSettings } from "./fittingConfig";

/** What controllers put before the API server's own words. */
const prefix = /^(Error creating: |create Pod \S+ in StatefulSet \S+ failed error: )/;

/** What pods are made for. */
export interface Refused {
  /** Such as Deployment. */
  kind: string;
  name: string;
  namespace: string;
  /** What they do. @default web */
  role?: Role | undefined;
  /** Replicas that the stack could do with; undefined where it has no more. */
  fewerReplicas: number | undefined;
}

type Advice = Pick<Diagnosis, "nextStep" | "patience">;

/** Seconds after which a rule that no passing of time changes is taken for final. */
const settledSeconds = 3;

/** Whether config says what its pods may use. */
const isConfigurable = ({ kind }: Refused): boolean => kind !== "StatefulSet";

const rules: [pattern: RegExp, advice: (match: RegExpExecArray, refused: Refused) => Advice][] = [
  [
    /exceeded quota: ([^,]+), requested: (.*?), used: (.*?), limited: (\S+)/,
    ([, quota = "", requested = "", used = "", limited = ""], refused) => {
      const settings = isConfigurable(refused)
        ? quotaSettings({ requested, used, limited }, refused.fewerReplicas)
        : [];
      const lower =
        settings.length === 0
          ? ""
          : `lower ${keysOf(settings, refused)}, such as with ${commandsOf(settings, refused)}, or `;
      return {
        nextStep: `${lower}raise the quota with \`kubectl --namespace ${refused.namespace} edit resourcequota ${quota}\``,
        // Others may give back what they use.
        patience: "rollout",
      };
    },
  ],
  [
    /failed quota: ([^:]+): must specify (.+)/,
    ([, quota = "", missing = ""], refused) => {
      const settings = isConfigurable(refused) ? usualSettings(missing) : [];
      return {
        nextStep:
          settings.length === 0
            ? `set in components/app what the quota ${quota} counts`
            : `set ${keysOf(settings, refused)}, which the quota counts, such as with ${commandsOf(settings, refused)}`,
        patience: settledSeconds,
      };
    },
  ],
  [
    /(?:maximum|minimum) \S+ usage per |max limit to request ratio per /,
    ({ input }, refused) => {
      const settings = isConfigurable(refused) ? limitSettings(input) : [];
      return {
        nextStep:
          settings.length === 0
            ? `look with \`kubectl --namespace ${refused.namespace} describe limitrange\` what is allowed, and set that in components/app`
            : `set ${keysOf(settings, refused)} as the LimitRange allows, with ${commandsOf(settings, refused)}`,
        patience: settledSeconds,
      };
    },
  ],
  [
    /violates PodSecurity "([^":]+)/,
    ([, level = ""], { namespace }) => ({
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
    (_, { namespace }) => ({
      nextStep: `wait until \`kubectl get namespace ${namespace}\` finds nothing`,
      patience: settledSeconds,
    }),
  ],
];

/** Why no pod is made: what the API server answers to the controller that would make it. */
export function diagnoseRefusal(message: string, refused: Refused): Diagnosis {
  const detail = oneLine(message).replace(prefix, "");
  const advice = rules
    .map(([pattern, make]) => {
      const match = pattern.exec(detail);
      return match === null ? undefined : make(match, refused);
    })
    .find((found) => found !== undefined);
  return {
    subject: `${refused.kind} ${refused.name}`,
    ...(refused.role?.kind === "process" && { process: refused.role.name }),
    outcome: "gets no pod",
    reason: "FailedCreate",
    detail,
    log: "",
    nextStep: `look with \`kubectl --namespace ${refused.namespace} get events\` for what the cluster demands`,
    patience: "rollout",
    ...advice,
  };
}

const keysOf = (settings: readonly Setting[], { role = web }: Refused): string =>
  inWords(settings.map(({ key }) => `\`${configKey(role, key)}\``));

const commandsOf = (settings: readonly Setting[], { role = web }: Refused): string =>
  inWords(settings.map(({ key, value }) => `\`${setKey(role, key, value)}\``));

const inWords = (each: string[]): string => new Intl.ListFormat("en-GB").format(each);
