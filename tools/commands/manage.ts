import execa from "execa";

import { Problem } from "../../components/problem";
import { targets } from "../../components/targets/target";
import { kubernetes } from "../sandbox/install/catalogue";
import { machine } from "../sandbox/install/obtain";
import { findExecutable } from "../sandbox/install/run";
import { contextOf } from "../stack/kubeContext";
import { chooseTarget, firstOnPath } from "../stack/session";
import { project } from "../stack/stackConfig";

/** Runs `manage.py` in a pod of a stack, on the user's terminal if there is one, and takes over its exit code. */
export async function manage(named: string, args: string[]): Promise<void> {
  const { config, target } = await chooseTarget(named, () => undefined);
  const { name: context } = contextOf(config, target);
  const { kubeconfig } = targets[target];
  const place = ["--context", context, ...(kubeconfig === undefined ? [] : ["--kubeconfig", kubeconfig])];
  const pod = ["--namespace", config.text("namespace") ?? project, `deployment/${project}`];
  const terminal = process.stdin.isTTY && process.stdout.isTTY ? ["--tty"] : [];
  const { exitCode } = await execa(
    "kubectl",
    ["exec", ...place, "--stdin", ...terminal, ...pod, "--", "python", "manage.py", ...args],
    { env: withKubectl(), extendEnv: false, stdio: "inherit", reject: false },
  );
  process.exitCode = exitCode;
}

/** An environment with a kubectl on PATH: the user's, or the sandbox's. */
export function withKubectl(): NodeJS.ProcessEnv {
  if (findExecutable("kubectl") !== undefined) {
    return process.env;
  }
  const ours = machine.cached(kubernetes);
  if (ours === undefined) {
    throw new Problem(
      "kubectl is not on PATH",
      "install it as https://kubernetes.io/docs/tasks/tools says, or put an alias of `minikube kubectl --` there",
    );
  }
  return firstOnPath(ours.folder, process.env);
}
