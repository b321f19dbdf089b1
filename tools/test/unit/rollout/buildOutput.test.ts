import assert from "node:assert/strict";

import { readFailedBuild } from "../../../rollout/buildOutput";

/** As buildx prints it with --progress plain. */
const printed = `#0 building with "default" instance using docker driver
#9 [sources 2/3] RUN make
#9 0.215 cc main.c
#9 0.216 no such library
#9 ERROR: process "/bin/sh -c make" did not complete successfully: exit code: 2
------
 > [sources 2/3] RUN make:
0.215 cc main.c
0.216 no such library
------
Dockerfile:24
--------------------
  22 |     COPY . .
  23 |     
  24 | >>> RUN make
  25 |     
--------------------
ERROR: failed to solve: process "/bin/sh -c make" did not complete successfully: exit code: 2
`.split("\n");

describe("What a failed build printed", () => {
  it("is read as the Dockerfile's line and the last lines of its step", () => {
    assert.deepEqual(readFailedBuild(printed, ""), {
      line: 24,
      output: [
        " > [sources 2/3] RUN make:",
        "0.215 cc main.c",
        "0.216 no such library",
        "Dockerfile:24",
        "  22 |     COPY . .",
        "  23 |",
        "  24 | >>> RUN make",
        "  25 |",
        'ERROR: failed to solve: process "/bin/sh -c make" did not complete successfully: exit code: 2',
      ],
    });
  });

  it("has what pip shows of a package that cannot be built, above the last lines, and nothing of other steps", () => {
    const step = "[venv 2/2] RUN pip install shop";
    const lines = `#8 ${step}
#8 1.1   × Getting requirements to build wheel did not run successfully.
#8 1.1   ╰─> [5 lines of output]
#8 1.2       running egg_info
#9 1.2 Error: could not fetch an optional map (ignored)
#8 1.2
#8 1.2       Error: pg_config executable not found.
#8 1.2
#8 1.2       Please add its folder to PATH.
#8 1.2       [end of output]
#8 1.3 ╰─> See above for output.
#8 ERROR: process "/bin/sh -c pip install shop" did not complete successfully: exit code: 1
------
 > ${step}:
1.2       Please add its folder to PATH.
1.2       [end of output]
1.3 ╰─> See above for output.
------
ERROR: failed to solve`.split("\n");
    assert.deepEqual(readFailedBuild(lines, "FROM x\nRUN pip install shop\n"), {
      line: 2,
      output: [
        ` > ${step}:`,
        "1.2       Error: pg_config executable not found.",
        "1.2       Please add its folder to PATH.",
        "1.2       [end of output]",
        "1.3 ╰─> See above for output.",
        "ERROR: failed to solve",
      ],
    });
  });

  it("has no line where no instruction failed", () => {
    const lines = ["#1 [internal] load", "ERROR: failed to receive status: rpc error: code = Unavailable desc = EOF"];
    assert.deepEqual(readFailedBuild(lines, ""), { line: undefined, output: lines });
  });

  it("has the line of an instruction that never ran, of which no step printed anything", () => {
    const lines = [
      "Dockerfile:3",
      "--------------------",
      "   3 | >>> RUNN x",
      "--------------------",
      "ERROR: unknown",
    ];
    assert.deepEqual(readFailedBuild(lines, ""), {
      line: 3,
      output: ["Dockerfile:3", "   3 | >>> RUNN x", "ERROR: unknown"],
    });
  });

  it("has the line of the step's instruction where buildx shows none of the Dockerfile", () => {
    const step = " > [venv 2/2] RUN pip install     -r requirements.txt:";
    const lines = ["#8 0.1 Collecting", "------", step, "0.1 Collecting", "------", "ERROR: failed to solve"];
    assert.deepEqual(readFailedBuild(lines, "FROM base\n\nRUN pip install \\\n    -r requirements.txt\n"), {
      line: 3,
      output: [step, "0.1 Collecting", "ERROR: failed to solve"],
    });
  });

  it("takes what a step printed for no line of the Dockerfile", () => {
    const lines = ["#9 0.2 main.c:12", "main.c:12", "ERROR: failed"];
    assert.equal(readFailedBuild(lines, "").line, undefined);
  });

  it("is the last twenty lines where the failure is not told apart", () => {
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`);
    assert.deepEqual(readFailedBuild(lines, "").output, lines.slice(10));
  });

  describe("by the docker plugin", () => {
    const dockerfile = `FROM base AS one
# A comment.
RUN pip install \\
    # Between two lines.
    --quiet  django

COPY . .
`;

    it("names the instruction, whose line is found", () => {
      const lines = ["[one 2/3] RUN pip install     --quiet  django", "error: process did not complete: exit code: 1"];
      assert.deepEqual(readFailedBuild(["[one 1/3] FROM base", ...lines], dockerfile), { line: 3, output: lines });
    });

    it("shows what the step printed since it began, and not the steps that are listed before", () => {
      const step = "[one 2/3] RUN pip install --quiet django";
      const lines = [step, "[one 1/3] FROM base", step, "no such version", step, "error: exit code: 1"];
      assert.deepEqual(readFailedBuild(lines, dockerfile).output, [step, "no such version", "error: exit code: 1"]);
    });

    it("has no line where the Dockerfile does not have the instruction in these words", () => {
      const lines = ["[one 3/3] COPY /src .", 'error: "/src": not found'];
      assert.deepEqual(readFailedBuild(lines, dockerfile), { line: undefined, output: lines });
    });

    it("passes over steps that were given up because of another's failure", () => {
      const lines = ["[3/3] COPY . .", "error: no space left", "[2/3] RUN pip install --quiet django"];
      assert.equal(readFailedBuild([...lines, "error: context canceled"], dockerfile).line, 7);
    });
  });
});
