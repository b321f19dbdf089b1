import { randomUUID } from "node:crypto";

import * as pulumi from "@pulumi/pulumi";

import { backendInWords } from "./backendName";
import { makerInWords, type Mark } from "./mark";
import { priorOf, type PriorResource, type PriorState } from "./priorState";

/** Reads of the stack's own state what is an app's, through the engine: before anything is declared. */
export async function readPriorState(app: string): Promise<PriorState> {
  const [organization, project, stack] = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()];
  // The backends of a folder and a bucket have one organization, and take the stack's name alone.
  const isService = organization !== "organization";
  const isPreview = pulumi.runtime.isDryRun();
  const self = { stack, app, mark: newMark(stack, project, isService ? organization : undefined, isPreview) };
  const stackName = isService ? `${organization}/${project}/${stack}` : stack;
  const answer: unknown = await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName });
  const { outputs } = answer as { outputs: Record<string, Omit<PriorResource, "urn">> };
  return priorOf(
    Object.entries(outputs).map(([urn, resource]) => ({ urn, ...resource })),
    self,
  );
}

function newMark(stack: string, project: string, organization: string | undefined, isPreview: boolean): Mark {
  const maker = { stack, project, organization };
  // A preview keeps nothing, and two of them have to be the same.
  return isPreview
    ? { id: "chosen by the first update", madeBy: makerInWords(maker) }
    : { id: randomUUID(), madeBy: makerInWords({ ...maker, backend: backendInWords(process.env) }) };
}
