import type { Machine } from "../machine";
import type { Rendered } from "./rendered";
import type { Step } from "./scaleStack";

export type StepName =
  "previewNew" | "previewNewJson" | "up" | "noop" | "upOne" | "previewAll" | "previewAllJson" | "destroy";

export type VariantName = "--parallel 64" | "PULUMI_SKIP_CHECKPOINTS";

/** What was measured with one number of apps. */
export interface SizeResult {
  apps: number;
  program: Rendered;
  /** Those that were run: nothing follows an up that was cut off. */
  steps: Partial<Record<StepName, Step>>;
  /** The state after the first up, cut off or not. */
  state?: { bytes: number; resources: number };
  /** Why the steps that are missing were not run: what the one that failed printed last. */
  failure?: string;
}

/** A first up in another way. */
export interface VariantResult {
  apps: number;
  name: VariantName;
  up: Step;
}

/** Everything that one run of the bench of scale found out. */
export interface ScaleResult {
  date: string;
  limitMinutes: number;
  machine: Machine;
  sizes: SizeResult[];
  variants: VariantResult[];
}
