import execa from "execa";

import { Problem } from "../../../components/problem";
import { lastLines } from "../../terminal/captured";
import { allowUnreadInput } from "../../terminal/unreadInput";
import { withKubectl } from "../../kubernetes/kubectl";

/** Runs kubectl in a stack's namespace; Ctrl-C does not reach it. Throws a `Problem` with what it printed. */
export type RunKubectl = (failed: string, args: string[], input?: object) => Promise<string>;

/** @param place arguments that lead kubectl there */
export function kubectlIn(place: string[]): RunKubectl {
  const env = withKubectl();
  return async (failed, args, input) => {
    const options = { env, extendEnv: false, reject: false, all: true, detached: true };
    const stdin = input === undefined ? { stdin: "ignore" as const } : { input: JSON.stringify(input) };
    const ended = execa("kubectl", [...place, ...args], { ...options, ...stdin });
    const { exitCode, all, stdout } = await allowUnreadInput(ended);
    if (exitCode !== 0) {
      throw new Problem(failed, undefined, lastLines(all ?? "", 5));
    }
    return stdout;
  };
}
