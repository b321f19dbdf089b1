import assert from "node:assert/strict";

import { partOf } from "../../../app/partOf";

describe("What an object is for", () => {
  const cases: [kind: string, name: string, part: string | undefined][] = [
    ["Deployment", "kubernetes-django-worker", "process worker"],
    ["CronJob", "kubernetes-django-clear-sessions", "schedule clear-sessions"],
    ["CronJob", "kubernetes-django-backup", "backup"],
    ["StatefulSet", "kubernetes-django-redis", "Redis"],
    ["Secret", "kubernetes-django-redis-password", "Redis"],
    ["PersistentVolumeClaim", "kubernetes-django-media", "media"],
    ["Job", "kubernetes-django-migrate", "release command"],
    ["Deployment", "kubernetes-django-mediator", "process mediator"],
    ["Deployment", "kubernetes-django", undefined],
    ["Service", "kubernetes-django-service", undefined],
    ["Deployment", "another-worker", undefined],
  ];
  for (const [kind, name, part] of cases) {
    it(`is ${part ?? "not told"} for ${kind} ${name}`, () => {
      assert.equal(partOf({ kind, name }), part);
    });
  }
});
