import { cronExpression } from "../../../../components/config/cronExpression";
import { commandLineOf } from "../processes/commandWords";
import type { CronJob } from "../settings/look/crontab";
import { type Decision, emptyDecision, type Findings, type Setting } from "./decision";
import { entryName } from "./entryName";
import { managePath } from "./release";

/**
 * Jobs of Ofelia and of django-crontab, as CronJobs.
 *
 * @param names those that are given by now, also to processes; new ones are added
 */
export function decideSchedules(findings: Findings, names: Set<string>): Decision {
  const decision = emptyDecision();
  const refused: string[] = [];
  const add = (name: string, schedule: string | undefined, command: string | undefined, where: string): void => {
    if (schedule === undefined || command === undefined) {
      refused.push(`${name} (${where})`);
      return;
    }
    const entry = { key: "schedules", name: entryName(name, names), where };
    const fields: Setting[] = [
      { ...entry, field: "schedule", value: schedule },
      { ...entry, field: "command", value: command },
    ];
    decision.settings.push(...fields);
  };
  for (const { name, schedule, command, where } of findings.processes.schedules) {
    add(name, scheduleOf(schedule), command, where);
  }
  for (const { value, where } of findings.settings.cronJobs) {
    add(nameOfJob(value), scheduleOf(value.schedule), commandOf(value, findings), where);
  }
  if (refused.length > 0) {
    decision.notes.push(
      `Not understood as a schedule: ${refused.join(", ")}; \`pulumi config set --path schedules.NAME.schedule "0 3 * * *"\` and \`pulumi config set --path schedules.NAME.command COMMAND\` set one`,
    );
  }
  return decision;
}

/** A schedule as Kubernetes takes it; Ofelia may have a field for seconds before the others. Undefined for another one. */
export function scheduleOf(written: string): string | undefined {
  const words = written.trim().split(/\s+/);
  const isSixFields = words.length === 6 && words[0] === "0";
  try {
    return cronExpression("schedule", words.slice(isSixFields ? 1 : 0).join(" "));
  } catch {
    return undefined;
  }
}

const callCommand = "django.core.management.call_command";

const nameOfJob = ({ callable, args }: CronJob): string =>
  callable === callCommand ? (args?.[0] ?? "") : (callable.split(".").at(-1) ?? "");

/** django-crontab calls a function of the project, or a command of manage.py. */
function commandOf({ callable, args }: CronJob, findings: Findings): string | undefined {
  const manage = `python ${managePath(findings)}`;
  if (args === undefined || !/^\w+(\.\w+)+$/.test(callable)) {
    return undefined;
  }
  if (callable === callCommand) {
    return args.length === 0 ? undefined : `${manage} ${commandLineOf(args)}`;
  }
  const at = callable.lastIndexOf(".");
  const [module, name] = [callable.slice(0, at), callable.slice(at + 1)];
  const list = args.map((each) => JSON.stringify(each)).join(", ");
  return `${manage} shell -c ${quoted(`from ${module} import ${name}; ${name}(${list})`)}`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
