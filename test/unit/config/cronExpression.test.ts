import assert from "node:assert/strict";

import { cronExpression } from "../../../components/config/cronExpression";

describe("A cron expression", () => {
  const accepted = [
    "0 3 * * *",
    "*/5 * * * *",
    "0-30/10,45 8-18 1,15 jan-MAR mon-Fri",
    "3/15 ? * * ?",
    "59 23 31 12 6",
    "0 0 1 JAN *",
    "@daily",
    "@every 1h30m",
    "@every 90s",
  ];
  for (const text of accepted) {
    it(`is taken: ${text}`, () => {
      assert.equal(cronExpression("schedules.a.schedule", ` ${text}\n`), text);
    });
  }

  const refused = [
    "",
    "0 3 * *",
    "0 0 3 * * *",
    "60 * * * *",
    "* 24 * * *",
    "* * 0 * *",
    "* * * 13 *",
    "* * * * 7",
    "* * * * sunday",
    "* * L * *",
    "* * * * mon#2",
    "5-1 * * * *",
    "*/0 * * * *",
    "1- * * * *",
    "-1 * * * *",
    "1,,2 * * * *",
    "*/5/5 * * * *",
    "@often",
    "@every",
    "@every 0s",
    "@every 5",
    "TZ=UTC 0 3 * * *",
  ];
  for (const text of refused) {
    it(`is refused: ${JSON.stringify(text)}, with one to try`, () => {
      assert.throws(() => cronExpression("schedules.a.schedule", text), {
        help: "run `pulumi config set --path schedules.a.schedule '0 3 * * *'`",
      });
    });
  }
});
