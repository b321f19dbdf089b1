import { Problem } from "../problem";
import { type Check, flag, matching, oneOf, problem } from "./checks";
import { type ConfigReader, optional, required } from "./reader";

export const targetNames = ["docker-desktop", "minikube", "sandbox", "cluster"] as const;
export type TargetName = (typeof targetNames)[number];

const dnsLabel = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const profilePattern = /^[a-zA-Z0-9][a-zA-Z0-9_-]*$/;
/** Cloud providers put colons, slashes and at signs into the names of contexts. */
const contextPattern = /^(?!\s)[^\p{Cc}]+(?<!\s)$/u;

const uidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Kubernetes' own, which hold what everybody relies on. */
const reserved = /^(default|kube-.*)$/;

const namespaceName: Check<string> = (key, value) => {
  const example = "kubernetes-django";
  const name = matching(dnsLabel, {
    allowed: "a DNS label (at most 63 of a-z, 0-9 and -, not starting or ending with -)",
    example,
  })(key, value);
  if (reserved.test(name)) {
    throw problem(key, name, { allowed: "a namespace of the stack's own, so neither default nor kube-...", example });
  }
  return name;
};

/** The stack's target alone, which is all that the policies ask. */
export function readTarget(config: Pick<ConfigReader, "get">): TargetName {
  return required(config, "target", oneOf(targetNames));
}

/** Which uid it has to be is known to the cluster alone, and the update says it where one is needed. */
const adoptable: Check<string> = (key, value = "") => {
  if (!uidPattern.test(value)) {
    throw new Problem(
      `Config key "${key}" is "${value}": allowed is the uid of the namespace to take over`,
      `run \`pulumi config rm ${key}\`; where the stack may take a namespace over, the next update says its uid`,
    );
  }
  return value;
};

/** Where the stack is deployed. */
export function readCluster(config: ConfigReader) {
  return {
    target: readTarget(config),
    /** Context in the kubeconfig; undefined for the target's own. */
    kubeContext: optional(
      config,
      "kubeContext",
      matching(contextPattern, {
        allowed: "the name of a context in your kubeconfig, without spaces around it",
        example: "docker-desktop",
      }),
    ),
    /** Profile of the target minikube. */
    minikubeProfile: required(
      config,
      "minikubeProfile",
      matching(profilePattern, {
        allowed: "the name of a minikube profile (letters, digits, - and _)",
        example: "minikube",
      }),
    ),
    /** Namespace of the app. */
    namespace: required(config, "namespace", namespaceName),
    /** Whether that namespace was made by somebody else, and stays. */
    existingNamespace: required(config, "existingNamespace", flag),
    /** Uid of what marks another stack's namespace, which this one takes over; undefined for none. */
    adoptNamespace: optional(config, "adoptNamespace", adoptable),
  };
}

export type ClusterSettings = ReturnType<typeof readCluster>;
