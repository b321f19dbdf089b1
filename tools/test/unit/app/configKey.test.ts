import assert from "node:assert/strict";

import { configKey, setKey } from "../../../app/configKey";
import { web } from "../../../app/role";

describe("The config key of what a pod does", () => {
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
