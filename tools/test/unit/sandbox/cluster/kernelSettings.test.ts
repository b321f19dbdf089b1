import assert from "node:assert/strict";
import fs from "node:fs";

import { changedSysctls, readSysctls } from "../../../../sandbox/cluster/host";
import { restoreSettings, settingsBefore } from "../../../../sandbox/cluster/kernelSettings";
import type { ClusterPlan } from "../../../../sandbox/cluster/plan";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";

const plan = (sysctls: Record<string, string>): ClusterPlan => ({ sysctls }) as unknown as ClusterPlan;

describe("the kernel's settings", () => {
  const folder = temporaryFolder();
  /** Path of a file that takes the place of a setting, relative to /proc/sys. */
  let setting: string;

  beforeEach(() => {
    for (const name of ["local", "isolated"]) {
      fs.mkdirSync(folder.path(name));
    }
    fs.writeFileSync(folder.path("setting"), "changed\n");
    setting = `../..${folder.path("setting")}`;
  });
  const current = (): string => fs.readFileSync(folder.path("setting"), "utf8").trim();

  it("are recorded as they are by the first cluster that starts", async () => {
    assert.deepEqual(await settingsBefore(folder.path("local")), await readSysctls(changedSysctls));
  });

  it("are recorded by the next one as the first found them, whatever has changed since", async () => {
    fs.writeFileSync(folder.path("local", "plan.json"), JSON.stringify(plan({ [setting]: "original" })));
    assert.deepEqual(await settingsBefore(folder.path("isolated")), { [setting]: "original" });
  });

  it("stay while another cluster runs, and are restored by the last one that stops", async () => {
    const noted = plan({ [setting]: "original" });
    fs.writeFileSync(folder.path("local", "plan.json"), JSON.stringify(noted));
    await restoreSettings(folder.path("isolated"), noted);
    assert.equal(current(), "changed");
    await restoreSettings(folder.path("local"), noted);
    assert.equal(current(), "original");
  });
});
