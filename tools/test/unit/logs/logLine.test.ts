import assert from "node:assert/strict";

import { readLogLine } from "../../../logs/logLine";

describe("A line of a log", () => {
  const cases: [what: string, line: string, time: string, text: string][] = [
    ["has its time apart", "2026-01-02T03:04:05.000000006Z a b", "2026-01-02T03:04:05.000000006Z", "a b"],
    ["may be empty", "2026-01-02T03:04:05.000000006Z ", "2026-01-02T03:04:05.000000006Z", ""],
    ["keeps blanks", "2026-01-02T03:04:05.000000006Z   a ", "2026-01-02T03:04:05.000000006Z", "  a "],
    ["loses the return of Windows", "2026-01-02T03:04:05.1Z a\r", "2026-01-02T03:04:05.100000000Z", "a"],
    ["has its time in UTC", "2026-01-02T00:04:05.5+01:00 a", "2026-01-01T23:04:05.500000000Z", "a"],
    ["without a time is whole", "unable to retrieve logs", "", "unable to retrieve logs"],
  ];
  for (const [what, line, time, text] of cases) {
    it(what, () => {
      assert.deepEqual(readLogLine(line), { time, text });
    });
  }
});
