import assert from "node:assert/strict";

import { adviceInWords, adviseNpmRun, adviseStack, pulumiCommandLine } from "../../components/advice";
import { Problem } from "../../components/problem";
import { ownEnvironment } from "./helpers/environment";

describe("A command of the Pulumi CLI that helps", () => {
  ownEnvironment();

  it("is the CLI's own where plain `pulumi` runs the program", () => {
    assert.equal(pulumiCommandLine("config set target sandbox", {}), "pulumi config set target sandbox");
  });

  const commands: [command: string, line: string][] = [
    ["config set target sandbox", "npm run pulumi -- config set target sandbox --stack dev"],
    ["config rm nodePort", "npm run pulumi -- config rm nodePort --stack dev"],
    ["config set debug true --stack other", "npm run pulumi -- config set debug true --stack other"],
    [
      'config set --secret secretKey "$(openssl rand -base64 48)"',
      'npm run pulumi -- config set --secret secretKey "$(openssl rand -base64 48)" --stack dev',
    ],
    ["state unprotect 'urn:x'", "npm run pulumi -- state unprotect 'urn:x' --stack dev"],
    ["plugin install resource docker 5.2.0", "npm run pulumi -- plugin install resource docker 5.2.0"],
    ["version", "npm run pulumi -- version"],
  ];
  for (const [command, line] of commands) {
    it(`is "${line}" for \`pulumi ${command}\` under \`npm run\``, () => {
      assert.equal(pulumiCommandLine(command, { NPM_RUN_STACK: "dev" }), line);
    });
  }

  it("names no stack under `npm run` before one is chosen", () => {
    assert.equal(
      pulumiCommandLine("config rm nodePort", { NPM_RUN_STACK: "" }),
      "npm run pulumi -- config rm nodePort",
    );
  });

  it("is put into words wherever it stands in advice, and other commands stay", () => {
    const advice = "run `pulumi config rm a` and `npm run up`, or `minikube start`, or `pulumi config rm b`";
    assert.equal(
      adviceInWords(advice, { NPM_RUN_STACK: "dev" }),
      "run `npm run pulumi -- config rm a --stack dev` and `npm run up`, or `minikube start`, or `npm run pulumi -- config rm b --stack dev`",
    );
    assert.equal(adviceInWords(advice, {}), advice);
  });

  it("is put into words in a problem's message, which keeps its parts", () => {
    adviseNpmRun();
    adviseStack("dev");
    const problem = new Problem("`pulumi up` failed", "run `pulumi config rm a`");
    assert.equal(problem.message, "`pulumi up` failed; run `npm run pulumi -- config rm a --stack dev`.");
    assert.equal(problem.help, "run `pulumi config rm a`");
  });

  it("stays the CLI's own when a stack is chosen outside `npm run`", () => {
    delete process.env["NPM_RUN_STACK"];
    adviseStack("dev");
    assert.equal(new Problem("It failed", "run `pulumi config rm a`").message, "It failed; run `pulumi config rm a`.");
  });
});
