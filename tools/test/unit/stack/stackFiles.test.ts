import assert from "node:assert/strict";
import fs from "node:fs";

import { readStackFile, readStackFiles, stacksIn } from "../../../stack/stackFiles";
import { ownEnvironment } from "../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../test/unit/helpers/folders";
import { isProblem } from "../../../../test/unit/helpers/problems";

describe("The files of a project and its stacks", () => {
  ownEnvironment();
  const folder = temporaryFolder();

  beforeEach(() => {
    folder.write({
      "Pulumi.yaml": "name: own\n",
      "Pulumi.dev.yaml": "config:\n  own:target: sandbox\nencryptionsalt: v1:abc\n",
      "Pulumi.my.team.yaml": "config:\n",
      "base/Pulumi.yaml": "name: shop\n",
      "base/Pulumi.dev.yaml": "config:\n  shop:target: minikube\n",
    });
    process.chdir(folder.path());
  });

  it("name the stacks", () => {
    assert.deepEqual(stacksIn(), ["dev", "my.team"]);
    assert.deepEqual(stacksIn("base"), ["dev"]);
  });

  it("have config and salt", () => {
    assert.deepEqual(readStackFile("Pulumi.dev.yaml"), {
      config: { "own:target": "sandbox" },
      encryptionsalt: "v1:abc",
    });
    assert.deepEqual(readStackFile("Pulumi.my.team.yaml"), { config: {} });
    assert.equal(readStackFile("Pulumi.prod.yaml"), undefined);
  });

  it("are read from another folder", () => {
    assert.deepEqual(readStackFiles("base", "dev"), {
      project: { name: "shop" },
      stack: { config: { "shop:target": "minikube" } },
    });
  });

  for (const [what, name, stack] of [
    ["no stack where there is no such file", "base", "prod"],
    ["no stack where its file has no config", ".", "my.team"],
  ] as const) {
    it(`have ${what}`, () => {
      assert.equal(readStackFiles(name, stack).stack, undefined);
    });
  }

  it("are refused with the place of what is no YAML", () => {
    folder.write({ "Pulumi.dev.yaml": "config:\n  own:target: sandbox\n  own:target: minikube\n" });
    assert.throws(
      () => readStackFile("Pulumi.dev.yaml"),
      isProblem(
        "Pulumi.dev.yaml is no YAML: Map keys must be unique at line 3, column 3; correct that line of the file.",
      ),
    );
  });

  it("are refused where Pulumi would in words that do not name the file", () => {
    const help = "correct it, or run `git checkout` for the file to get an earlier one back.";
    const refused: [text: string, message: string][] = [
      ["- a\n", `is no file of Pulumi: it is no map of keys; ${help}`],
      ["config: [a]\n", `is no file of Pulumi: \`config\` in it is no map of keys; ${help}`],
      ["config: x\n", `is no file of Pulumi: \`config\` in it is no map of keys; ${help}`],
      ["config: &a [*a]\n", "is no YAML: an anchor holds itself; correct that line of the file."],
    ];
    for (const [text, message] of refused) {
      folder.write({ "Pulumi.dev.yaml": text });
      assert.throws(() => readStackFile("Pulumi.dev.yaml"), isProblem(`Pulumi.dev.yaml ${message}`));
    }
  });

  it("are refused where they are folders", () => {
    fs.mkdirSync("Pulumi.team.yaml");
    assert.throws(
      () => readStackFile("Pulumi.team.yaml"),
      isProblem(
        "Pulumi.team.yaml cannot be read (EISDIR: illegal operation on a directory); make it a file that you can read.",
      ),
    );
  });

  it("are the checkout's project and no stack for a folder without a project", () => {
    folder.write({ "old/Pulumi.dev.yaml": "config:\n  own:target: sandbox\n" });
    assert.deepEqual(readStackFiles("old", "dev"), { project: { name: "own" }, stack: undefined });
  });
});
