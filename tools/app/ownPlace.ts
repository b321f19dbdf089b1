import type { V1Deployment } from "@kubernetes/client-node";

import { readIfThere, UnreachedProblem } from "../../components/kubernetes/client";
import type { Live } from "../../components/kubernetes/types";
import { Problem } from "../../components/problem";
import { endpoints } from "../../components/targets/endpoints";
import { targets } from "../../components/targets/target";
import { hasOwn, priorStateOf, seeOwn } from "../pulumi/prior";
import { stackExists } from "../pulumi/stacks";
import { type Deployment, readDeployment, readOwnDeployment } from "../pulumi/state";
import type { Place } from "../rollout/kubernetes";
import { chooseBackend, localFolder } from "../stack/backend";
import { contextOf, whichCluster } from "../stack/kubeContext";
import { openState } from "../stack/session";
import { project } from "../stack/stackConfig";
import type { AppOfStack } from "./appWords";
import { type AppChoice, refuseNoApp } from "./onApp";

/**
 * Where a stack has one of its apps.
 *
 * @param needed the beginning of what is said where nothing is deployed, such as "manage.py runs in a pod of stack dev, and"
 * @throws a `Problem` where there is none, the namespace is another stack's, or the cluster does not answer
 */
export async function ownPlace(choice: AppChoice, needed: string): Promise<Place> {
  const { stack, config, target, app } = choice;
  const context = contextOf(config, target);
  // The first app's has a default in Pulumi.yaml, unless a user took that away.
  const namespace = config.text("namespace") ?? app;
  const unreached = (error: unknown): never => {
    if (error instanceof UnreachedProblem) {
      throw new Problem(`${needed} ${lowerFirst(error.failed)}`, targets[target].startHint(whichCluster(config)));
    }
    throw error;
  };
  const deployment = await deployedBy(choice);
  refuseNotDeployed(choice, deployment);
  const prior = priorStateOf(stack, deployment, app);
  const existingNamespace = config.get("existingNamespace") === "true";
  const sight = await seeOwn(context, prior, { namespace, existingNamespace }, endpoints).catch(unreached);
  const isOwn = hasOwn(prior, sight, { namespace, context: context.name, stack });
  const key = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: app, namespace } };
  const found = isOwn ? await readIfThere<Live<V1Deployment>>(context, key).catch(unreached) : undefined;
  if (found === undefined) {
    throw new Problem(`${needed} there is none: nothing is deployed in namespace ${namespace}`, runUp(stack));
  }
  return { context, namespace };
}

/** Refuses a name that no app of a stack that deployed something has. Throws a `Problem`. */
export function refuseNotDeployed({ stack, app }: AppOfStack, deployment: Deployment): void {
  if ((deployment.resources ?? []).length > 0) {
    const others = priorStateOf(stack, deployment).others.map((other) => other.app);
    refuseNoApp({ stack, app }, [project, ...others], `${runUp(stack)} if it is new in index.ts`);
  }
}

export const runUp = (stack: string): string => `run \`npm run up -- ${stack}\``;

/** What the stack has deployed; nothing is printed where the state is the checkout's own, and read from its file. */
async function deployedBy(choice: AppChoice): Promise<Deployment> {
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
