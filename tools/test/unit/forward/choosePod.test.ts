import assert from "node:assert/strict";

import { choosePod } from "../../../forward/choosePod";
import type { Pod } from "../../../rollout/kubernetes";

const podOf = (name: string, { isReady = true, phase = "Running", isTerminating = false } = {}): Pod =>
  ({
    metadata: { name, ...(isTerminating && { deletionTimestamp: "2026-01-01T00:00:00Z" }) },
    status: { phase, conditions: [{ type: "Ready", status: isReady ? "True" : "False" }] },
  }) as unknown as Pod;

describe("The pod that a forwarded connection goes to", () => {
  const unready = { isReady: false };
  const choices: [what: string, pods: Pod[], chosen: string | undefined][] = [
    ["the newest of those that are ready", [podOf("a"), podOf("b")], "b"],
    ["one that is ready while its successor starts", [podOf("a"), podOf("b", unready)], "a"],
    [
      "one that only runs where none is ready",
      [podOf("a", unready), podOf("b", { ...unready, phase: "Pending" })],
      "a",
    ],
    ["none that ends", [podOf("a", { isTerminating: true })], undefined],
    ["none that has failed", [podOf("a", { ...unready, phase: "Failed" })], undefined],
  ];
  for (const [what, pods, chosen] of choices) {
    it(`is ${what}`, () => {
      assert.equal(choosePod(pods)?.metadata.name, chosen);
    });
  }
});
