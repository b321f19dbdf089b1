import { priorOf, type PriorState } from "../../components/safeguards/priorState";
import type { Deployment } from "./state";

/** What a stack deployed before, as the program sees it: without a mark in the state it has none. */
export function priorStateOf(stack: string, { resources = [] }: Deployment): PriorState {
  return priorOf(resources, { stack, mark: { id: "", madeBy: "" } });
}
