import fs from "node:fs";

import { isMap, isScalar, type Node, parseDocument } from "yaml";

import { Problem } from "../../components/problem";

/** The guide that has the table. */
export const guideFile = "docs/configuration.md";

const begin = "<!-- Made from Pulumi.yaml by npm run docs:config. -->";
const end = "<!-- End of the table. -->";

/** Writes the table of config keys into the guide. */
export function writeConfigTable(): void {
  fs.writeFileSync(
    guideFile,
    withConfigTable(fs.readFileSync(guideFile, "utf8"), fs.readFileSync("Pulumi.yaml", "utf8")),
  );
  console.error(`Wrote the table of config keys in ${guideFile}`);
}

/**
 * Replaces the table between the two markers of a guide.
 *
 * @throws a `Problem` when a marker is missing
 */
export function withConfigTable(guide: string, project: string): string {
  const from = guide.indexOf(begin);
  const to = guide.indexOf(end);
  if (from === -1 || to < from) {
    throw new Problem(
      `${guideFile} has no place for the table of config keys`,
      `put the lines \`${begin}\` and \`${end}\` where it belongs`,
    );
  }
  return `${guide.slice(0, from + begin.length)}\n\n${configTable(project)}\n${guide.slice(to)}`;
}

/**
 * The config keys that a Pulumi.yaml declares, as Markdown: a table under each heading.
 *
 * A comment line `## Heading` above a key begins a table. Keys of Pulumi's own, which have a colon, are left out.
 */
export function configTable(project: string): string {
  const config = parseDocument(project).get("config");
  const blocks: string[] = [];
  for (const { key, value } of isMap<Node, Node>(config) ? config.items : []) {
    const heading = /^# (.+)$/m.exec(key.commentBefore ?? "")?.[1];
    if (heading !== undefined) {
      blocks.push(`### ${heading}\n\n| key | default | meaning |\n|---|---|---|\n`);
    }
    const name = isScalar(key) ? String(key.value) : "";
    if (isMap(value) && !name.includes(":")) {
      blocks.push(`${blocks.pop() ?? ""}${row(name, value.toJSON() as Declaration)}\n`);
    }
  }
  return blocks.join("\n");
}

interface Declaration {
  description: string;
  default: unknown;
}

function row(name: string, { description, default: value }: Declaration): string {
  const shown = value === "" ? "" : `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
  return `| \`${name}\` | ${shown} | ${description.replaceAll("|", "\\|")} |`;
}
