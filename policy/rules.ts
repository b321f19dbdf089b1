import type { TargetName } from "../components/config/cluster";
import { targets } from "../components/targets/target";
import { liveAnnotation } from "../components/liveReload/liveAnnotation";
import { type ContainerOf, containersOf, type KubernetesObject, nameOf, podAnnotations } from "./kubernetesObject";

/** A sentence for each thing in an object that is not allowed. */
export type Rule = (object: KubernetesObject) => string[];

const forEachContainer =
  (violations: (each: ContainerOf, name: string) => string[]): Rule =>
  (object) =>
    containersOf(object).flatMap((each) => violations(each, `Container "${each.container.name}" of ${nameOf(object)}`));

/** Every container runs an image with a tag that tells one version from the next. */
export const imageIsVersioned = forEachContainer(({ container: { image = "" } }, name) =>
  isVersioned(image)
    ? []
    : [
        `${name} runs the image "${image}": allowed is one with a tag other than latest, or with a digest; give it DjangoImage's \`reference\`, or name a version.`,
      ],
);

/** `host:port/path:tag@digest`: only the last part of the path has a tag. */
function isVersioned(image: string): boolean {
  const [, tag] = (image.split("/").at(-1) ?? "").split(":");
  return image.includes("@sha256:") || (tag !== undefined && tag !== "" && tag !== "latest");
}

/** What a container can take from all others on its node; CPU is shared by what each asked for, without a limit. */
const limited = ["memory", "ephemeral-storage"];

/** Every container has limits. */
export const limitsArePresent = forEachContainer(({ container }, name) =>
  limited
    .filter((resource) => container.resources?.limits?.[resource] === undefined)
    .map(
      (resource) =>
        `${name} has no limit of ${resource}: each container needs one of ${limited.join(" and ")}; set its \`resources.limits\`.`,
    ),
);

/** No container runs as root, by the image's choice or its own. */
export const runsAsNonRoot = forEachContainer(({ container, pod }, name) => {
  const own = container.securityContext;
  const nonRoot = own?.runAsNonRoot ?? pod.securityContext?.runAsNonRoot;
  const user = own?.runAsUser ?? pod.securityContext?.runAsUser;
  return nonRoot === true && user !== 0
    ? []
    : [
        `${name} may run as root (runAsNonRoot ${nonRoot ?? "not set"}, runAsUser ${user ?? "not set"}): allowed is runAsNonRoot true and any runAsUser but 0; set them in the \`securityContext\` of its pod.`,
      ];
});

/** Nothing is in the namespace `default`, where the provider puts what names none. */
export const namespaceIsNamed: Rule = (object) =>
  object.metadata?.namespace === "default"
    ? [
        `${nameOf(object)} is in the namespace "default": allowed is any other; set \`metadata.namespace\` to DjangoApp's \`namespace\`.`,
      ]
    : [];

/** Pods run what their image has: only `npm run watch` on a developer's own cluster changes their sources. */
export const runsItsImage: Rule = (object) =>
  podAnnotations(object)[liveAnnotation] === undefined
    ? []
    : [
        `${nameOf(object)} has pods whose sources are changed while they run: that is for \`npm run watch\` on a cluster of one's own; run \`pulumi config set liveReload false\`.`,
      ];

/** Services are published in the ways that the target allows, or not at all. */
export const serviceIsAllowed =
  (readTarget: () => TargetName): Rule =>
  (object) => {
    // ClusterIP, which is Kubernetes' default, publishes nothing.
    const type = object.spec?.type ?? "ClusterIP";
    if (object.kind !== "Service" || type === "ClusterIP") return [];
    const target = readTarget();
    const allowed = targets[target].serviceTypes;
    return allowed.some((each) => each === type)
      ? []
      : [
          `${nameOf(object)} is of type "${type}": target "${target}" allows ${[...new Set([...allowed, "ClusterIP"])].join(", ")}; set its \`spec.type\` to ${allowed[0]}.`,
        ];
  };
