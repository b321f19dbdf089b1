import type { Diagnosis } from "./diagnosis";

/** Seconds after which an image that is nowhere is taken for that. */
const settledSeconds = 3;

const askDoctor = "run `npm run doctor`, which tells whether the cluster runs the images of this Docker daemon";

/** What a registry or the way to it says, and what helps; the keys of config are about the app's image alone. */
const answers: [pattern: RegExp, nextStep: string, patience: Diagnosis["patience"], isOfApp?: boolean][] = [
  [
    /no match for platform|no matching manifest/,
    "build it for the nodes' platform, such as with `pulumi config set platform linux/arm64`",
    settledSeconds,
    true,
  ],
  [/toomanyrequests|rate limit/i, "wait until the registry lets the nodes pull again, or sign in to it", "rollout"],
  [
    /x509|certificate/,
    "let the nodes trust the registry's certificate, as the documentation of their container runtime says",
    settledSeconds,
  ],
  [
    /unauthorized|denied|forbidden|authentication required|no basic auth/i,
    "let the nodes sign in with `pulumi config set registryUsername NAME` and `pulumi config set --secret registryPassword`",
    settledSeconds,
    true,
  ],
  [/not found|manifest unknown|does not exist/i, askDoctor, settledSeconds],
];

/** Whose an image is. */
export interface Origin {
  /** Whether it is the app's. */
  isApp: boolean;
  /** Whether it was built on the node's own daemon, so that no registry has it. */
  isBuilt: boolean;
}

/**
 * Why a node does not have an image.
 *
 * @param message what the kubelet says, in a line
 */
export function pullProblem(
  reason: string,
  image: string,
  message: string,
  { isApp, isBuilt }: Origin,
): Pick<Diagnosis, "detail" | "nextStep" | "patience"> {
  if (reason === "InvalidImageName") {
    return {
      detail: `"${image}" is no image reference`,
      nextStep: "set one that is with `pulumi config set imageRepository NAME`",
      patience: 0,
    };
  }
  if (isBuilt || reason === "ErrImageNeverPull") {
    return {
      detail: `image ${image} is not on the node, and no registry has it`,
      nextStep: askDoctor,
      patience: settledSeconds,
    };
  }
  const said = message.replace(/^Back-off pulling image "[^"]*": ErrImagePull: /, "");
  const detail = `the node cannot pull ${image}${said === "" || said.startsWith("Back-off") ? "" : ` (${said})`}`;
  const [, nextStep = "look whether the nodes reach the registry", patience = "rollout", isOfApp = false] =
    answers.find(([pattern]) => pattern.test(said)) ?? [];
  return { detail, nextStep: isOfApp && !isApp ? "have the image where the nodes may pull it" : nextStep, patience };
}
