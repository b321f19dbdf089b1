import assert from "node:assert/strict";

import { configKey, setKey } from "../../../app/configKey";
import { web } from "../../../app/role";

describe("The config key of what a pod does", () => {
  it("has the namespace of another app than the first", () => {
    const worker = { kind: "process", name: "worker" } as const;
    assert.equal(configKey(web, "replicas", "blog"), "blog:replicas");
    assert.equal(setKey(web, "replicas", "1", "blog"), "pulumi config set blog:replicas 1");
    assert.equal(setKey(worker, "replicas", "1", "blog"), "pulumi config set --path blog:processes.worker.replicas 1");
  });

  it("is that of the whole stack for web", () => {
    assert.equal(configKey(web, "memoryLimit"), "memoryLimit");
    assert.equal(setKey(web, "memoryLimit", "1Gi"), "pulumi config set memoryLimit 1Gi");
  });

  it("is in the entry of a process or a schedule", () => {
    const worker = { kind: "process", name: "worker" } as const;
    assert.equal(configKey(worker, "memoryLimit"), "processes.worker.memoryLimit");
    assert.equal(
      setKey(worker, "command", "celery -A shop worker"),
      "pulumi config set --path processes.worker.command 'celery -A shop worker'",
    );
    const nightly = { kind: "schedule", name: "nightly" } as const;
    assert.equal(setKey(nightly, "command", "COMMAND"), "pulumi config set --path schedules.nightly.command 'COMMAND'");
  });
});
