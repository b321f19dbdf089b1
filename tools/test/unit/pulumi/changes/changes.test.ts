import assert from "node:assert/strict";

import { type Change, planOf, resourceOf } from "../../../../pulumi/changes/changes";
import { type EngineStep, parseReport } from "../../../../pulumi/changes/previewJson";
import { recorded, recordedPlan } from "./fixtures";

const urn = (type: string, name = "app"): string => `urn:pulumi:dev::project::django:index:DjangoApp$${type}::${name}`;

function only(step: Partial<EngineStep>): Change {
  const { changes } = planOf({
    steps: [{ op: "update", urn: urn("kubernetes:apps/v1:Deployment"), ...step }],
    diagnostics: [],
  });
  assert.ok(changes[0]);
  assert.equal(changes.length, 1);
  return changes[0];
}

const state = (inputs: Record<string, unknown>): EngineStep["newState"] => ({ type: "any", inputs });

describe("the plan in an engine's report", () => {
  it("calls resources by kind and name", () => {
    assert.deepEqual(resourceOf(urn("kubernetes:apps/v1:Deployment", "a::b")), { kind: "Deployment", name: "a::b" });
    assert.deepEqual(resourceOf("urn:pulumi:dev::project::pulumi:providers:kubernetes::cluster"), {
      kind: "Provider kubernetes",
      name: "cluster",
    });
  });

  it("shows names that stand for others as those, the longer one first, whatever is in them", () => {
    const shownAs = new Map([
      ["a.b", "one"],
      ["a.b+c", "two"],
      ["two", "three"],
    ]);
    const printed = JSON.stringify({ diagnostics: [{ severity: "info", message: "a.b a.b+c axb" }] });
    assert.equal(parseReport(printed, shownAs).diagnostics[0]?.message, "one two axb");
    assert.equal(parseReport(printed).diagnostics[0]?.message, "a.b a.b+c axb");
  });

  it("names environment variables by their names, wherever they stand", () => {
    const pod = (...env: object[]): EngineStep["newState"] =>
      state({ spec: { template: { spec: { containers: [{ name: "web", env }] } } } });
    const before = pod({ name: "A", value: "1" }, { name: "B", value: "2" }, { name: "C", value: "3" });
    const after = pod({ name: "NEW", value: "0" }, { name: "A", value: "1" }, { name: "C", value: "4" });
    assert.deepEqual(only({ oldState: before ?? {}, newState: after } as Partial<EngineStep>).properties, [
      { path: "containers[web].env[B]", before: "2", after: undefined, forcesReplacement: false },
      { path: "containers[web].env[C]", before: "3", after: "4", forcesReplacement: false },
      { path: "containers[web].env[NEW]", before: undefined, after: "0", forcesReplacement: false },
    ]);
  });

  it("says which property forces a replacement", () => {
    const { properties } = recordedPlan("replacement").changes.find(({ kind }) => kind === "Deployment") ?? {};
    assert.deepEqual(
      properties?.filter(({ forcesReplacement }) => forcesReplacement).map(({ path }) => path),
      ["metadata.namespace"],
    );
  });

  it("counts a resource once that is created anew and deleted as one that is replaced", () => {
    const steps = ["create-replacement", "replace", "delete-replaced"].map((op) => ({ op, urn: urn("a:b:C") }));
    const { changes } = planOf({ steps, diagnostics: [] });
    assert.deepEqual(
      changes.map(({ action }) => action),
      ["replace"],
    );
  });

  it("shows a secret that changed although the engine prints the same for both", () => {
    const { properties } = recordedPlan("secret").changes.find(({ kind }) => kind === "Secret") ?? {};
    assert.deepEqual(
      properties?.find(({ path }) => path === "data.secret-key"),
      { path: "data.secret-key", before: "[secret]", after: "[secret]", forcesReplacement: true },
    );
  });

  it("hides a Secret's data where a program did not mark it as secret", () => {
    const step = { urn: urn("kubernetes:core/v1:Secret") };
    const changed = only({
      ...step,
      oldState: state({ stringData: { key: "old" } }),
      newState: state({ stringData: { key: "new" } }),
    } as Partial<EngineStep>);
    assert.doesNotMatch(JSON.stringify(changed), /old|new/);
    assert.equal(changed.properties.length, 1);
    const created = only({ ...step, op: "create", newState: state({ data: { key: "new" } }) } as Partial<EngineStep>);
    assert.doesNotMatch(JSON.stringify(created), /new/);
  });

  it("hides values that the engine serialized as secrets", () => {
    const mark = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
    const { properties } = only({
      oldState: state({ a: { ...mark, plaintext: '"hidden-1"' } }),
      newState: state({ a: { ...mark, plaintext: '"hidden-2"' }, b: [{ ...mark, ciphertext: "hidden-3" }] }),
    } as Partial<EngineStep>);
    assert.doesNotMatch(JSON.stringify(properties), /hidden/);
  });

  it("has no value of a recording's secrets", () => {
    for (const name of ["creation", "secret", "replacement", "deletion", "drift"]) {
      assert.doesNotMatch(recorded(name), /k{60}|z{60}|a2tra2tr|enp6enp6/);
    }
  });

  it("says so where a value is known only after the update", () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const { properties } = only({
      oldState: state({ url: "http://a" }),
      newState: state({ url: unknown }),
    } as Partial<EngineStep>);
    assert.deepEqual(properties, [
      { path: "url", before: "http://a", after: "(known after the update)", forcesReplacement: false },
    ]);
  });

  it("calls everything unchanged that a refresh found as it was", () => {
    const { changes, unchanged } = recordedPlan("drift");
    assert.deepEqual(
      changes.map(({ action, kind }) => [action, kind]),
      [
        ["delete", "Service"],
        ["change", "Deployment"],
      ],
    );
    assert.equal(unchanged.length, 9);
  });
});
