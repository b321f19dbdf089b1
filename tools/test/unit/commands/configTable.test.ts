import assert from "node:assert/strict";
import fs from "node:fs";

import { configTable, guideFile, withConfigTable } from "../../../commands/configTable";
import { Problem } from "../../../../components/problem";

const project = `name: shop
config:
  # A reason, which is no heading.
  pulumi:disable-default-providers:
    value: ["*"]

  # Another reason.

  ## Cluster

  target:
    type: string
    description: Either \`a\` | \`b\`.
    default: ""
  namespace:
    type: string
    # A reason.
    description: >-
      Namespace of
      the stack.
    default: shop

  ## Image

  buildArgs:
    type: object
    description: Build arguments.
    default: {}
`;

const table = `### Cluster

| key | default | meaning |
|---|---|---|
| \`target\` |  | Either \`a\` \\| \`b\`. |
| \`namespace\` | \`shop\` | Namespace of the stack. |

### Image

| key | default | meaning |
|---|---|---|
| \`buildArgs\` | \`{}\` | Build arguments. |
`;

describe("The table of config keys", () => {
  it("has a part for each heading among the comments, and no key of Pulumi's own", () => {
    assert.equal(configTable(project), table);
  });

  it("replaces what is between the markers of the guide and leaves the rest", () => {
    const guide = (part: string): string =>
      `# Guide\n\n<!-- Made from Pulumi.yaml by npm run docs:config. -->\n${part}<!-- End of the table. -->\n\nMore.\n`;
    const written = withConfigTable(guide("| old |\n"), project);
    assert.equal(written, guide(`\n${table}\n`));
    assert.equal(withConfigTable(written, project), written);
  });

  it("refuses a guide without the markers", () => {
    assert.throws(
      () => withConfigTable("# Guide\n", project),
      new Problem(
        "docs/configuration.md has no place for the table of config keys",
        "put the lines `<!-- Made from Pulumi.yaml by npm run docs:config. -->` and `<!-- End of the table. -->` where it belongs",
      ),
    );
  });

  it("in the guide is the one that Pulumi.yaml gives", () => {
    const guide = fs.readFileSync(guideFile, "utf8");
    const isUpToDate = withConfigTable(guide, fs.readFileSync("Pulumi.yaml", "utf8")) === guide;
    assert.ok(isUpToDate, `${guideFile} is out of date; run \`npm run docs:config\`.`);
  });
});
