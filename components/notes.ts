import * as pulumi from "@pulumi/pulumi";

import { securityNote } from "./app/securityNote";
import type { Settings } from "./config/settings";
import type { Project } from "./image/project";
import { builderNote } from "./targets/builder";
import type { Target } from "./targets/resolveTarget";

/** Says, a line each, what was decided that a user may want otherwise. */
export async function showNotes({ image, process }: Settings, target: Target, project: Project): Promise<void> {
  const { builder, daemon, podSecurity } = target;
  const { runAsUser } = process;
  const { dockerfile, config } = project;
  const notes = [
    builderNote(image.builder, builder, daemon),
    securityNote({ podSecurity, runAsUser, dockerfile, user: config.user }),
  ];
  for (const note of notes.filter((each) => each !== undefined)) {
    await pulumi.log.info(note);
  }
}
