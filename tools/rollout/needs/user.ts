import { shellWord } from "../../../components/advice";
import { uidCommand } from "./image";
import { asDockerRuns, type Rule, set } from "./need";

/** Uid of nobody in particular. */
const anyUser = 10001;

/** What the kubelet says of an image whose user it may not let run: kubelet/kuberuntime/security_context.go. */
export const userRules: readonly Rule[] = [
  [
    /image has non-numeric user \(([^)]*)\)/,
    ([, name = ""], { run, image }) => {
      const detail = `the image's user is the name ${name}, which does not tell Kubernetes whether it is root`;
      if (image?.userId === undefined) {
        const ask = uidCommand(run.image).map(shellWord).join(" ");
        return {
          detail,
          nextStep: `run ${set("runAsUser UID")} with the uid that \`${ask}\` prints, or ${asDockerRuns}`,
        };
      }
      return image.userId === 0
        ? {
            detail: `the image's user ${name} is root, uid 0`,
            nextStep: `run ${set(`runAsUser ${anyUser}`)}, or ${asDockerRuns}`,
          }
        : { detail, nextStep: `run ${set(`runAsUser ${image.userId}`)}, which is its uid, or ${asDockerRuns}` };
    },
  ],
  [
    /container has runAsNonRoot and image will run as root/,
    () => ({
      detail: "the image runs as root, and the stack's Pod Security level demands another user",
      nextStep: `run ${set(`runAsUser ${anyUser}`)}, or ${asDockerRuns}`,
    }),
  ],
];
