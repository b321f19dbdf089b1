import { adviceInWords, commandInWords } from "../../../components/advice";
import { appKey, type AppOfStack } from "../../app/appWords";
import { helpFor } from "../../app/onApp";
import { alignedTable } from "../../terminal/table";
import { commandOfImage } from "./decision/command";
import { commandOf, type Findings, type Missing, nameOf, type Setting } from "./decision/decision";
import type { Comparison } from "./stackFile/compare";

export interface Report extends AppOfStack {
  folder: string;
  findings: Findings;
  comparison: Comparison;
  missing: Missing[];
  notes: string[];
}

/** Prints what was found and where, what it means for the stack's config, and what could not be known. */
export function report(all: Report): void {
  console.log(reportOf(all));
}

export function reportOf({ folder, stack, app, findings, comparison, missing, notes }: Report): string {
  const { settings, secrets, same, kept, removed } = comparison;
  const ownName = (setting: Pick<Setting, "key" | "name" | "field">): string => appKey(app, nameOf(setting));
  const shown = (setting: Setting, value = setting.value): string[] => [
    ownName(setting),
    oneLine(value),
    setting.where,
  ];
  const parts: [title: string, rows: string[][]][] = [
    [`Found in ${folder}`, found(findings)],
    [
      `For Pulumi.${stack}.yaml`,
      [...settings.map((each) => shown(each)), ...secrets.map((each) => shown(each, "[encrypted]"))],
    ],
    ["There already", same.map((each) => shown(each, each.key === "secretEnv" ? "[encrypted]" : each.value))],
    [
      "Kept as it is, since --force is not given",
      kept.map(({ setting, current }) => [
        ownName(setting),
        oneLine(current),
        setting.key === "secretEnv" ? setting.where : `${oneLine(setting.value)} in ${setting.where}`,
      ]),
    ],
    ["Taken out", removed.map(({ why, ...each }) => [ownName(each), why])],
    [
      "Not known; these commands set it",
      missing.map((each) => [ownName(each), each.where, commandInWords(`${commandOf(each, app)} --stack ${stack}`)]),
    ],
  ];
  const tables = parts.filter(([, rows]) => rows.length > 0).map(([title, rows]) => `${title}:\n${alignedTable(rows)}`);
  return [...tables, ...notes.map((note) => adviceInWords(helpFor(app, note)))].join("\n\n");
}

/** What was found that is no key by itself. */
function found(findings: Findings): string[][] {
  const { settings, dependencies, image, namedSettings } = findings;
  const { settingsModule, inspectedModule, productionModule, wsgi, asgi, needsAsgi } = settings;
  const application = needsAsgi === undefined ? (wsgi ?? asgi) : asgi;
  const module = [namedSettings, productionModule, settingsModule].find((each) => each?.value === inspectedModule);
  const rows: (string[] | undefined)[] = [
    ["Dockerfile", image?.dockerfile ?? "none, so one is written", ""],
    inspectedModule === undefined ? undefined : ["settings", inspectedModule, module?.where ?? ""],
    application && ["application", application.value, application.where],
    dependencies.tool && ["dependencies", dependencies.tool.value, dependencies.tool.where],
    dependencies.python && ["Python", dependencies.python.value, dependencies.python.where],
    settings.database && ["database", settings.database.value, settings.database.where],
    settings.celeryApp && ["Celery", settings.celeryApp.value, settings.celeryApp.where],
    settings.redis && ["Redis", settings.redis.value, settings.redis.where],
    settings.mediaRoot && ["uploads", settings.fileField?.where ?? "MEDIA_ROOT", settings.mediaRoot.where],
    webProcess(findings),
  ];
  return rows.filter((row) => row !== undefined);
}

/** What serves the project: the command of its image, unless that has none. */
function webProcess(findings: Findings): string[] | undefined {
  const { image, processes } = findings;
  const own = commandOfImage(findings);
  if (image !== undefined && own !== undefined) {
    return ["web process", oneLine(own), image.dockerfile];
  }
  return processes.web && ["web process", oneLine(processes.web.command ?? processes.web.name), processes.web.where];
}

/** Most characters of a value that a row shows. */
const longest = 70;

/** The beginning of a value, on one line. */
export function oneLine(value: string): string {
  const line = value.replace(/\s*\n\s*/g, " ⏎ ");
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
