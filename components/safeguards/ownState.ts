import { randomUUID } from "node:crypto";

import * as pulumi from "@pulumi/pulumi";

import { backendInWords } from "./backendName";
import { makerInWords, type Mark } from "./mark";
import { priorOf, type PriorResource, type PriorState } from "./priorState";

/** Reads the stack's own state through the engine: once, before anything is declared. */
export async function readPriorState(): Promise<PriorState> {
  const [organization, project, stack] = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()];
  // The backends of a folder and a bucket have one organization, and take the stack's name alone.
  const isService = organization !== "organization";
  const isPreview = pulumi.runtime.isDryRun();
  const self = { stack, mark: newMark(stack, project, isService ? organization : undefined, isPreview) };
  const stackName = isService ? `${organization}/${project}/${stack}` : stack;
  const answer: unknown = await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName });
  const { outputs } = answer as { outputs: Record<string, PriorResource> };
  return priorOf(Object.values(outputs), self);
}

function newMark(stack: string, project: string, organization: string | undefined, isPreview: boolean): Mark {
  const maker = { stack, project, organization };
  // A preview keeps nothing, and two of them have to be the same.
  return isPreview
    ? { id: "chosen by the first update", madeBy: makerInWords(maker) }
    : { id: randomUUID(), madeBy: makerInWords({ ...maker, backend: backendInWords(process.env) }) };
}
