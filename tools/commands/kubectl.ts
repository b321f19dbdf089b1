import execa from "execa";

import { targets } from "../../components/targets/target";
import { withKubectl } from "../kubernetes/kubectl";
import { contextOf } from "../stack/kubeContext";
import { chooseTarget } from "../stack/session";
import { project } from "../stack/stackConfig";
import { takeStack } from "./stackFlag";

/**
 * Runs kubectl on the cluster and the namespace of a stack's config, and takes over its exit code. As kubectl itself, it
 * does not ask whose the namespace is: it is also how a user looks at what another stack has there.
 */
export async function kubectl(args: string[]): Promise<void> {
  const { stack, rest } = takeStack(args);
  const { config, target } = await chooseTarget(stack, stack === undefined ? console.error : () => undefined);
  const { kubeconfig } = targets[target];
  const file = kubeconfig === undefined ? [] : ["--kubeconfig", kubeconfig];
  const namespace = config.text("namespace") ?? project;
  const place = placeOf(rest, namespace, () => contextOf(config, target).name);
  const { exitCode } = await execa("kubectl", [...file, ...place, ...rest], {
    env: withKubectl(),
    extendEnv: false,
    stdio: "inherit",
    reject: false,
  });
  process.exitCode = exitCode;
}

/**
 * Flags that lead a command to a stack. One that is about contexts, or names one, does without the stack's own, which need
 * not be there.
 */
export function placeOf(args: readonly string[], namespace: string, context: () => string): string[] {
  if (args[0] === "config") {
    return [];
  }
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  const isNamed = args.slice(0, end).some((arg) => /^--context(=|$)/.test(arg));
  return [...(isNamed ? [] : ["--context", context()]), "--namespace", namespace];
}
