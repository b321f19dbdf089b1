import execa from "execa";

import { targets } from "../../components/targets/target";
import { contextOf } from "../stack/kubeContext";
import { chooseTarget } from "../stack/session";
import { project } from "../stack/stackConfig";
import { withKubectl } from "./manage";
import { takeStack } from "./stackFlag";

/**
 * Runs kubectl on the cluster and the namespace of a stack's config, and takes over its exit code. As kubectl itself, it
 * does not ask whose the namespace is: it is also how a user looks at what another stack has there.
 */
export async function kubectl(args: string[]): Promise<void> {
  const { stack, rest } = takeStack(args);
  const { config, target } = await chooseTarget(stack, stack === undefined ? console.error : () => undefined);
  const { name: context } = contextOf(config, target);
  const { kubeconfig } = targets[target];
  const place = ["--context", context, ...(kubeconfig === undefined ? [] : ["--kubeconfig", kubeconfig])];
  const { exitCode } = await execa("kubectl", [...place, "--namespace", config.text("namespace") ?? project, ...rest], {
    env: withKubectl(),
    extendEnv: false,
    stdio: "inherit",
    reject: false,
  });
  process.exitCode = exitCode;
}
