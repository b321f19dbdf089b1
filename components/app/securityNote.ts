import type { PodSecurity } from "../config/process";

/** Who decides as whom processes run. */
export interface SecurityFacts {
  podSecurity: PodSecurity;
  /** Uid that the stack sets; undefined for the image's user. */
  runAsUser: number | undefined;
  /** User that the Dockerfile names; undefined for that of the image that it is from. */
  user: string | undefined;
  /** Path of the Dockerfile. */
  dockerfile: string;
}

/** The line that says which user level "restricted" would refuse, where "baseline" lets it run; undefined for none. */
export function securityNote({ podSecurity, runAsUser, user, dockerfile }: SecurityFacts): string | undefined {
  if (podSecurity === "restricted" || runAsUser !== undefined) {
    return undefined;
  }
  const refused = `which podSecurity "${podSecurity}" allows and "restricted" would refuse`;
  if (user === undefined) {
    return `${dockerfile} has no USER: the image runs as its base image's, for most root, ${refused}`;
  }
  if (user === "root" || /^0+$/.test(user)) {
    return `${dockerfile} runs the image as root, ${refused}`;
  }
  return /^\d+$/.test(user)
    ? undefined
    : `${dockerfile} runs the image as ${user}, a name in place of a uid, ${refused}`;
}
