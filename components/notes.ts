import * as pulumi from "@pulumi/pulumi";

import { securityNote } from "./app/securityNote";
import type { DatabaseSettings } from "./config/database";
import type { Settings } from "./config/settings";
import type { Project } from "./image/project";
import { builderNote } from "./targets/builder";
import type { Target } from "./targets/resolveTarget";

/** Says, a line each, what was decided that a user may want otherwise. */
export async function showNotes(
  { image, process, workloads, database }: Settings,
  target: Target,
  project: Project,
): Promise<void> {
  const { builder, daemon, podSecurity } = target;
  const { runAsUser } = process;
  const { dockerfile, config } = project;
  const notes = [
    builderNote(image.builder, builder, daemon),
    ownFilesNote(database, Object.keys({ ...workloads.processes, ...workloads.schedules })),
    securityNote({ podSecurity, runAsUser, dockerfile, user: config.user }),
  ];
  for (const note of notes.filter((each) => each !== undefined)) {
    await pulumi.log.info(note);
  }
}

/** The line that says of what runs beside the web process that its database is another one; undefined for none. */
export function ownFilesNote({ database, databaseStorage }: DatabaseSettings, others: string[]): string | undefined {
  if (database !== "sqlite" || databaseStorage !== undefined || others.length === 0) {
    return undefined;
  }
  return `Each pod of web, ${others.join(", ")} has a file of SQLite of its own; databaseStorage keeps one that they share`;
}
