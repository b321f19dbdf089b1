import { Problem } from "../../components/problem";
import { kubernetes } from "../sandbox/install/catalogue";
import { machine } from "../sandbox/install/obtain";
import { findExecutable } from "../sandbox/install/run";
import { firstOnPath } from "../stack/session";

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
