import type { PodSecurity } from "../config/process";
import type { ImageConfig } from "../image/imageConfig";

/**
 * As whom processes run, as far as the specs of pods say it. Where root is refused they repeat the numbers that a
 * Dockerfile names, so that nobody has to look into the image to know them.
 *
 * @param own uid that the stack sets; undefined for the image's user
 */
export function runAs(
  own: number | undefined,
  podSecurity: PodSecurity,
  { user, group }: Pick<ImageConfig, "user" | "group">,
): { runAsUser: number | undefined; runAsGroup: number | undefined } {
  if (own !== undefined) {
    return { runAsUser: own, runAsGroup: own };
  }
  const isNamed = podSecurity === "restricted" && isNumber(user);
  return {
    runAsUser: isNamed ? Number(user) : undefined,
    // Without a group in the Dockerfile it is that of the image's /etc/passwd.
    runAsGroup: isNamed && isNumber(group) ? Number(group) : undefined,
  };
}

/** Of an id other than root's. */
const isNumber = (text: string | undefined): boolean => /^[1-9][0-9]*$/.test(text ?? "");
