import { configKey, setKey } from "../app/configKey";
import { type Role, web } from "../app/role";
import { isMore } from "./fittingConfig";

/** What of a pod decides on which node it may run. */
export interface Wishes {
  namespace: string;
  /** What it requests by config, such as 128Mi by "memory"; nothing of a pod that config says nothing of. */
  requests: Partial<Record<string, string>>;
  /** What the pod does. @default web */
  role?: Role | undefined;
  /** Names of nodes that take no pods at present. @default they are not known */
  cordoned?: readonly string[];
}

type Advice = (wishes: Wishes, found: string) => string;

const uncordon: Advice = ({ cordoned = [] }) =>
  cordoned.length === 0
    ? "look with `kubectl get nodes` which node is cordoned, and let it take pods again with `kubectl uncordon NODE`"
    : `let the cordoned node take pods again with ${new Intl.ListFormat("en-GB", { type: "disjunction" }).format(
        cordoned.map((name) => `\`kubectl uncordon ${name}\``),
      )}`;

const taints: Record<string, string> = {
  "node.kubernetes.io/disk-pressure": "free disk space on the node, such as with `npm run prune -- --yes`",
  "node.kubernetes.io/memory-pressure": "free memory on the node",
  "node.kubernetes.io/pid-pressure": "end processes on the node",
  "node.kubernetes.io/not-ready": "look with `kubectl describe nodes` why the node is not ready",
  "node.kubernetes.io/unreachable": "look with `kubectl describe nodes` why the node is not reached",
  "node.kubernetes.io/network-unavailable": "look with `kubectl describe nodes` why the node has no network",
};

const request =
  (resource: "cpu" | "memory", example: string, what: string): Advice =>
  ({ requests, role = web }) => {
    const key = `${resource}Request`;
    return isMore(requests[resource] ?? "0", example)
      ? `lower \`${configKey(role, key)}\`, such as by \`${setKey(role, key, example)}\`, or give the cluster more ${what}`
      : `give the cluster more ${what}`;
  };

/** What the scheduler says that no node offers, and what helps. */
const advices: [pattern: RegExp, advice: Advice][] = [
  [/Insufficient cpu/, request("cpu", "50m", "CPU")],
  [/Insufficient memory/, request("memory", "64Mi", "memory")],
  [/Insufficient ephemeral-storage/, () => "free disk space on the node, such as with `npm run prune -- --yes`"],
  [/Too many pods/, () => "delete pods that nobody needs, or give the cluster another node"],
  [
    /untolerated taint(?:\(s\))? \{(\S+?)(?:[:=][^}]*)?\}/,
    (wishes, key) =>
      key === "node.kubernetes.io/unschedulable" ? uncordon(wishes, key) : (taints[key] ?? removeTaint(key)),
  ],
  [
    /untolerated taint(?:\(s\))?(?! ?(?:\(s\))? ?\{)/,
    () => "look with `kubectl describe nodes` which taint it is, and remove it or give the cluster a node without it",
  ],
  [/were unschedulable/, uncordon],
  [
    /unbound immediate PersistentVolumeClaims|available persistent volumes to bind|persistentvolumeclaim .* not found/,
    ({ namespace }) =>
      `look with \`kubectl --namespace ${namespace} describe pvc\` why the volume is not there: the cluster needs a StorageClass that makes volumes`,
  ],
  [
    /volume node affinity conflict/,
    ({ namespace }) =>
      `let the node take pods that has the volume, which \`kubectl --namespace ${namespace} describe pvc\` leads to`,
  ],
  [
    /didn't match pod affinity rules/,
    () =>
      "make room on the node whose pods share the volume for uploads, which is one node's (media.accessMode is ReadWriteOnce)",
  ],
  [/exceed max volume count/, () => "delete volumes that nobody needs, or give the cluster another node"],
  [
    /node affinity\/selector|anti-affinity rules|topology spread constraints/,
    () => "give the cluster a node that the pod's affinity allows, or change the affinity in components/app/podSpec.ts",
  ],
  [/no nodes available/, () => "start a node of the cluster"],
];

const removeTaint = (key: string): string =>
  `remove the taint with \`kubectl taint nodes --all ${key}-\`, or give the cluster a node without it`;

/** What the scheduler says without how it comes to it, and with the nodes' taints where it names none. */
export function schedulingReason(message: string, taints: readonly string[]): string {
  const [reason = ""] = message.split(/[.,]? (?:no new claims to deallocate|preemption: )/);
  const named = taints.map((taint) => `{${taint}}`).join(", ");
  return named === "" ? reason : reason.replace(/untolerated taint(?:\(s\))?(?! ?\{|\()/, `untolerated taint ${named}`);
}

/** What helps a pod that no node takes, from what the scheduler says of the nodes. */
export function schedulingAdvice(message: string, wishes: Wishes): string {
  const found = advices.flatMap(([pattern, advice]) => {
    const match = pattern.exec(message);
    return match === null ? [] : advice(wishes, match[1] ?? "");
  });
  return found.length === 0
    ? `look with \`kubectl --namespace ${wishes.namespace} describe pods\` what the pod needs`
    : [...new Set(found)].join("; ");
}
