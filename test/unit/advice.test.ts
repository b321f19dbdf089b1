import assert from "node:assert/strict";

import { adviceInWords, adviseNpmRun, adviseStack, commandInWords, shellWord } from "../../components/advice";
import { Problem } from "../../components/problem";
import { ownEnvironment } from "./helpers/environment";

describe("A command that helps", () => {
  ownEnvironment();

  const commands: [command: string, line: string][] = [
    ["pulumi config set target sandbox", "npm run pulumi -- config set target sandbox --stack dev"],
    ["pulumi config rm nodePort", "npm run pulumi -- config rm nodePort --stack dev"],
    ["pulumi config set debug true --stack other", "npm run pulumi -- config set debug true --stack other"],
    [
      'pulumi config set --secret secretKey "$(openssl rand -base64 48)"',
      'npm run pulumi -- config set --secret secretKey "$(openssl rand -base64 48)" --stack dev',
    ],
    ["pulumi state unprotect 'urn:x'", "npm run pulumi -- state unprotect 'urn:x' --stack dev"],
    ["pulumi plugin install resource docker 5.2.0", "npm run pulumi -- plugin install resource docker 5.2.0"],
    ["pulumi version", "npm run pulumi -- version"],
    ["kubectl --namespace shop get events", "npm run kubectl -- --stack dev --namespace shop get events"],
    ["kubectl --context a get nodes", "npm run kubectl -- --stack dev --context a get nodes"],
    ["npm run up", "npm run up -- dev"],
    ["npm run up -- sandbox", "npm run up -- sandbox"],
    ["npm run watch", "npm run watch -- dev"],
    ["npm run down", "npm run down -- dev"],
    ["npm run doctor", "npm run doctor -- dev"],
    ["npm run prune -- --yes", "npm run prune -- dev --yes"],
    ["npm run drift -- --restore", "npm run drift -- dev --restore"],
    ["npm run drift -- other --restore", "npm run drift -- other --restore"],
    ["npm run preview:pr -- --base main", "npm run preview:pr -- --base main --stack dev"],
    ["npm run preview:pr -- --base main --stack other", "npm run preview:pr -- --base main --stack other"],
    ["npm run bench -- --rounds 5", "npm run bench -- --rounds 5"],
    ["sudo npm run up -- sandbox", "sudo npm run up -- sandbox"],
    ["minikube start -p shop", "minikube start -p shop"],
    ["replicas", "replicas"],
  ];
  for (const [command, line] of commands) {
    it(`is "${line}" for \`${command}\` under \`npm run\`, and not changed twice`, () => {
      assert.equal(commandInWords(command, { NPM_RUN_STACK: "dev" }), line);
      assert.equal(commandInWords(line, { NPM_RUN_STACK: "dev" }), line);
    });

    const plain = line.replace(/^npm run (pulumi|kubectl) -- (--stack dev )?/, "$1 ");
    it(`is "${plain}" for \`${command}\` where plain \`pulumi\` runs the program`, () => {
      assert.equal(commandInWords(command, { PULUMI_NODEJS_STACK: "dev" }), plain);
    });
  }

  it("stays as it is where neither has a stack", () => {
    for (const [command] of commands) {
      assert.equal(commandInWords(command, {}), command);
    }
  });

  it("names no stack under `npm run` before one is chosen", () => {
    const environment = { NPM_RUN_STACK: "" };
    assert.equal(commandInWords("pulumi config rm nodePort", environment), "npm run pulumi -- config rm nodePort");
    assert.equal(commandInWords("kubectl get nodes", environment), "npm run kubectl -- get nodes");
    assert.equal(commandInWords("npm run prune -- --yes", environment), "npm run prune -- --yes");
  });

  it("is put into words wherever it stands in advice, and other commands stay", () => {
    const advice = "run `pulumi config rm a` and `npm run up`, or `minikube start`, or `kubectl get pods`";
    assert.equal(
      adviceInWords(advice, { NPM_RUN_STACK: "dev" }),
      "run `npm run pulumi -- config rm a --stack dev` and `npm run up -- dev`, or `minikube start`, or `npm run kubectl -- --stack dev get pods`",
    );
    assert.equal(adviceInWords(advice, {}), advice);
  });

  it("has a name in quotes that a shell would read as something else", () => {
    assert.equal(shellWord("gke_a-b_c.d/e@f:1"), "gke_a-b_c.d/e@f:1");
    assert.equal(shellWord("Tom's cluster"), String.raw`'Tom'\''s cluster'`);
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
