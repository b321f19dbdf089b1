import assert from "node:assert/strict";

import { phasesOf, type Recording } from "../../../../bench/profile/phases";
import { moduleGroups } from "../../../../bench/profile/programTimes";

const done = (type: string, at: number): Recording["events"][number] => ({
  at,
  resOutputsEvent: { metadata: { type, op: "same", urn: "" } },
});
const begun = (type: string, at: number): Recording["events"][number] => ({
  at,
  resourcePreEvent: { metadata: { type, op: "same", urn: "" } },
});

/** An `up` from 1000 to 3000 that builds and rolls out. */
const recording: Recording = {
  start: 1000,
  end: 3000,
  program: {
    origin: 1300,
    ready: 50,
    entry: { start: 250, end: 600 },
    modules: { typescript: 100, program: 40, "@pulumi/pulumi": 30, semver: 5 },
    functions: { readBuildContext: 8, resolveTarget: 60 },
  },
  events: [
    { at: 2000, diagnosticEvent: { message: "RegisterResource RPC prepared: t=pulumi:providers:docker, name=docker" } },
    done("pulumi:providers:docker", 2100),
    done("pulumi:providers:kubernetes", 2150),
    begun("docker:index/image:Image", 2160),
    done("docker:index/image:Image", 2400),
    begun("kubernetes:apps/v1:Deployment", 2410),
    done("kubernetes:apps/v1:Deployment", 2900),
    { at: 2950, summaryEvent: {} },
  ],
  pod: { created: 2450, started: 2600, ready: 2880 },
};

describe("the bench's profile", () => {
  it("splits an operation into phases that add up to the whole", () => {
    const phases = phasesOf(recording).filter(({ level }) => level === 0);
    assert.deepEqual(
      phases.map(({ milliseconds }) => milliseconds),
      [300, 50, 200, 350, 100, 150, 250, 500, 50, 50, 2000],
    );
    const [together, ...others] = phases.reverse().map(({ milliseconds }) => milliseconds);
    assert.equal(
      others.reduce((sum, each) => sum + each, 0),
      together,
    );
  });

  it("names the parts of a phase, down to the pod", () => {
    const parts = Object.fromEntries(phasesOf(recording).map(({ title, milliseconds }) => [title, milliseconds]));
    assert.equal(parts["pod created to container started"], 150);
    assert.equal(parts["container started to ready"], 280);
    assert.equal(parts["hash of the sources"], 8);
  });

  it("leaves out what an `up` without a change does not have", () => {
    const titles = phasesOf({ ...recording, pod: {} }).map(({ title }) => title);
    assert.ok(!titles.includes("container started to ready"));
  });

  it("counts a package that Pulumi brings in to Pulumi", () => {
    const groups = new Map(moduleGroups(recording.program.modules));
    assert.equal(groups.get("@pulumi/pulumi and what it imports"), 35);
    assert.equal(groups.get("typescript"), 100);
  });
});
