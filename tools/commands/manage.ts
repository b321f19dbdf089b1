import execa from "execa";

import { Problem } from "../../components/problem";
import { targets } from "../../components/targets/target";
import { kubernetes } from "../sandbox/install/catalogue";
import { machine } from "../sandbox/install/obtain";
import { findExecutable } from "../sandbox/install/run";
import { contextOf } from "../stack/place";
import { chooseTarget, firstOnPath } from "../stack/session";
import { configuredOrDefault, project } from "../stack/stackConfig";

/** Runs `manage.py` in a pod of a stack, with the user's terminal if there is one, and ends with its exit code. */
export async function manage(named: string, args: string[]): Promise<void> {
  const { stack, target } = await chooseTarget(named, () => undefined);
  const { name: context } = contextOf(stack, target);
  const { kubeconfig } = targets[target];
  const place = ["--context", context, ...(kubeconfig === undefined ? [] : ["--kubeconfig", kubeconfig])];
  const pod = ["--namespace", configuredOrDefault(stack, "namespace"), `deployment/${project}`];
  const terminal = process.stdin.isTTY && process.stdout.isTTY ? ["--tty"] : [];
  const { exitCode } = await execa(
    "kubectl",
    ["exec", ...place, "--stdin", ...terminal, ...pod, "--", "python", "manage.py", ...args],
    { env: withKubectl(), extendEnv: false, stdio: "inherit", reject: false },
  );
  process.exitCode = exitCode;
}

/** An environment with a kubectl on PATH: the user's, or the one that came with the sandbox. */
function withKubectl(): NodeJS.ProcessEnv {
  if (findExecutable("kubectl") !== undefined) {
    return process.env;
  }
  const ours = machine.cached(kubernetes);
  if (ours === undefined) {
    throw new Problem(
      "kubectl is not on PATH, and through it manage.py is run in a pod; install it as https://kubernetes.io/docs/tasks/tools says, or put an alias of `minikube kubectl --` there.",
    );
  }
  return firstOnPath(ours.folder, process.env);
}
