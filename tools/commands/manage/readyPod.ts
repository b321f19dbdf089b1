import type { V1Deployment } from "@kubernetes/client-node";

import { readIfThere, UnreachedProblem } from "../../../components/kubernetes/client";
import type { Live } from "../../../components/kubernetes/types";
import { Problem } from "../../../components/problem";
import { endpoints } from "../../../components/targets/endpoints";
import { targets } from "../../../components/targets/target";
import { hasOwn, priorStateOf, seeOwn } from "../../pulumi/prior";
import { stackExists } from "../../pulumi/stacks";
import { type Deployment, readDeployment, readOwnDeployment } from "../../pulumi/state";
import { currentPods, isReady, type Place, type Pod, podsOf } from "../../rollout/kubernetes";
import { chooseBackend, localFolder } from "../../stack/backend";
import { whichCluster } from "../../stack/kubeContext";
import { type Choice, openState } from "../../stack/session";
import { project } from "../../stack/stackConfig";

/**
 * The name of a pod of the present version.
 *
 * @param mayBeOlder whether one of the version before will do while none of the present one is ready
 * @throws a `Problem` where there is none, the namespace is another stack's, or the cluster does not answer
 */
export async function readyPod(choice: Choice, { context, namespace }: Place, mayBeOlder: boolean): Promise<string> {
  const { stack, config, target } = choice;
  const needed = `manage.py runs in a pod of stack ${stack}, and`;
  const none = `${needed} there is none`;
  const up = `run \`npm run up -- ${stack}\``;
  const key = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: project, namespace } };
  const unreached = (error: unknown): never => {
    if (error instanceof UnreachedProblem) {
      throw new Problem(`${needed} ${lowerFirst(error.failed)}`, targets[target].startHint(whichCluster(config)));
    }
    throw error;
  };
  const prior = priorStateOf(stack, await deployedBy(choice));
  const existingNamespace = config.get("existingNamespace") === "true";
  const sight = await seeOwn(context, prior, { namespace, existingNamespace }, endpoints).catch(unreached);
  const isOwn = hasOwn(prior, sight, { namespace, context: context.name, stack });
  const found = isOwn ? await readIfThere<Live<V1Deployment>>(context, key).catch(unreached) : undefined;
  if (found === undefined) {
    throw new Problem(`${none}: nothing is deployed in namespace ${namespace}`, up);
  }
  if (found.spec?.replicas === 0) {
    const set = `run \`pulumi config set replicas 1 --stack ${stack}\` and \`npm run up -- ${stack}\``;
    throw new Problem(`${none}, since \`replicas\` is 0`, set);
  }
  const { deployment, ready } = await currentPods({ context, namespace }, project);
  const [pod] = ready.length === 0 && mayBeOlder ? await readyOfAnyVersion({ context, namespace }, deployment) : ready;
  if (pod === undefined) {
    throw new Problem(`${needed} none is ready`, `${up}, which says why`);
  }
  return pod.metadata.name;
}

async function readyOfAnyVersion(place: Place, { spec }: Live<V1Deployment>): Promise<Pod[]> {
  const found = await podsOf({ ...place, kind: "Deployment", name: project, template: spec?.template ?? {} }, 0);
  return found.map(({ pod }) => pod).filter(isReady);
}

/** What the stack has deployed; nothing is printed where the state is the checkout's own, and read from its file. */
async function deployedBy(choice: Choice): Promise<Deployment> {
  const { stack, config } = choice;
  const { environment } = chooseBackend(process.env, localFolder, config.isEncrypted);
  const own = readOwnDeployment({ stack, folder: localFolder, environment: { ...process.env, ...environment } });
  if (own !== undefined) {
    return own;
  }
  const cli = await openState(choice);
  return (await stackExists(cli)) ? await readDeployment(cli) : {};
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
