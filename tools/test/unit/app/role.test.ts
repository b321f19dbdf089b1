import assert from "node:assert/strict";

import { type Role, roleInWords, roleOf, roleOfPod, selectorOf } from "../../../app/role";

describe("What a pod does", () => {
  const roles: [labels: Record<string, string>, role: Role, words: string][] = [
    [{ app: "django-container" }, { kind: "web", name: "web", app: "django-web" }, "process web"],
    [{ app: "django-migrate" }, { kind: "release", name: "release", app: "django-web" }, "the release command"],
    [{ app: "django-process", process: "beat" }, { kind: "process", name: "beat", app: "beat" }, "process beat"],
    [{ app: "django-schedule", schedule: "a-b" }, { kind: "schedule", name: "a-b", app: "a-b" }, "schedule a-b"],
    [{ app: "django-database" }, { kind: "database", name: "database", app: undefined }, "the database"],
    [{ app: "django-redis" }, { kind: "redis", name: "redis", app: undefined }, "the Redis"],
  ];
  for (const [labels, role, words] of roles) {
    it(`is told by its labels: ${words}`, () => {
      assert.deepEqual(roleOf({ ...labels, "pod-template-hash": "1" }), role);
      assert.equal(roleInWords(role), words);
    });

    it(`is what those labels select: ${words}`, () => {
      assert.equal(
        selectorOf(role),
        Object.entries(labels)
          .map((each) => each.join("="))
          .join(","),
      );
    });
  }

  it("is not known of the pods of others", () => {
    assert.equal(roleOf({ app: "other", process: "worker" }), undefined);
    assert.equal(roleOf(undefined), undefined);
  });

  it("is told by the container that serves where labels say nothing", () => {
    const spec = { containers: [{ name: "django-web" }] };
    assert.equal(roleOfPod({ metadata: {}, spec })?.kind, "web");
    assert.equal(roleOfPod({ metadata: {}, spec: { containers: [{ name: "other" }] } }), undefined);
  });

  it("runs the app's image if all that do are selected", () => {
    assert.equal(selectorOf(), "app in (django-container,django-migrate,django-process,django-schedule)");
  });
});
