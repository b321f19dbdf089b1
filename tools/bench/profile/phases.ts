import type { StampedEvent } from "../../pulumi/engineEvents";
import type { PodTimes } from "./podWatch";
import { moduleGroups, type ProgramTimes } from "./programTimes";

/** Everything noted about one `pulumi up`; times of day in milliseconds. */
export interface Recording {
  start: number;
  end: number;
  program: ProgramTimes;
  events: readonly StampedEvent[];
  pod: Partial<PodTimes>;
}

export interface Phase {
  title: string;
  milliseconds: number;
  /** 0: one of the phases that follow each other and add up; 1: a part of the one above it. */
  level: 0 | 1;
}

const imageTypes = new Set(["docker:index/image:Image", "docker-build:index:Image"]);
const deploymentType = "kubernetes:apps/v1:Deployment";

/** Splits the time of one `pulumi up` into phases; a part that was not seen is left out. */
export function phasesOf({ start, end, program, events, pod }: Recording): Phase[] {
  const at = (pick: (event: StampedEvent) => boolean): number => events.find(pick)?.at ?? NaN;
  const lastAt = (pick: (event: StampedEvent) => boolean): number => events.findLast(pick)?.at ?? NaN;
  const { origin, ready, entry = { start: NaN, end: NaN } } = program;
  const isProvider = (type: string): boolean => type.startsWith("pulumi:providers:");
  const asked = at(
    ({ diagnosticEvent }) => diagnosticEvent?.message.includes("prepared: t=pulumi:providers:") ?? false,
  );
  const provided = lastAt(({ resOutputsEvent: done }) => done !== undefined && isProvider(done.metadata.type));
  const built = lastAt(({ resOutputsEvent: done }) => imageTypes.has(done?.metadata.type ?? ""));
  const imageBegun = at(({ resourcePreEvent: begun }) => imageTypes.has(begun?.metadata.type ?? ""));
  const deployed = lastAt(({ resOutputsEvent: done }) => done?.metadata.type === deploymentType);
  const deploymentBegun = at(({ resourcePreEvent: begun }) => begun?.metadata.type === deploymentType);
  const summary = at(({ summaryEvent }) => summaryEvent !== undefined);
  const phase = (title: string, milliseconds: number): Phase => ({ title, milliseconds, level: 0 });
  const part = (title: string, milliseconds: number): Phase => ({ title, milliseconds, level: 1 });
  const phases = [
    phase("CLI: state, passphrase, language host, search for plugins", origin - start),
    phase("Node starts", ready),
    phase("Pulumi's runner, TypeScript and ts-node load", entry.start - ready),
    phase("program loads with its imports", entry.end - entry.start),
    ...moduleGroups(program.modules).map(([title, time]) => part(title, time)),
    phase("program's own checks", asked - origin - entry.end),
    part("hash of the sources", program.functions["readBuildContext"] ?? NaN),
    part("cluster and Docker daemon asked", program.functions["resolveTarget"] ?? NaN),
    phase("provider plugins start", provided - asked),
    phase("image", Math.max(built - provided, 0)),
    part("its own step", built - imageBegun),
    phase("Kubernetes objects", deployed - Math.max(built, provided)),
    part("Deployment's own step", deployed - deploymentBegun),
    part("pod created to container started", (pod.started ?? NaN) - (pod.created ?? NaN)),
    part("container started to ready", (pod.ready ?? NaN) - (pod.started ?? NaN)),
    part("ready to Deployment done", deployed - (pod.ready ?? NaN)),
    phase("program ends, outputs", summary - deployed),
    phase("CLI ends", end - summary),
  ];
  return [...phases.filter(({ milliseconds }) => !Number.isNaN(milliseconds)), phase("together", end - start)];
}
