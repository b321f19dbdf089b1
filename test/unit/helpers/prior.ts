import type { Owner } from "../../../components/safeguards/ownership";
import type { PriorState, PriorVolume } from "../../../components/safeguards/priorState";

const mark = { id: "id-1", madeBy: "stack dev of project kubernetes-django in file:///work on laptop" };

/** The state of the stack dev before its first update. */
export const nothingBefore: PriorState = {
  stack: "dev",
  app: "kubernetes-django",
  mark,
  cluster: undefined,
  claim: undefined,
  others: [],
  volumes: [],
  hasAutoscaler: false,
};

/** A volume that the stack has, as its state says. */
export const volumeBefore = (name: string, more: Partial<PriorVolume> = {}): PriorVolume => ({
  name: `kubernetes-django-${name}`,
  namespace: "kubernetes-django",
  isProtected: true,
  size: "1Gi",
  ...more,
});

/** Reads it. */
export const readNothing = (): Promise<PriorState> => Promise.resolve(nothingBefore);

/** The right of that stack to a namespace that it makes. */
export const owner: Owner = { mark, isGuest: false, isAdopted: false };
