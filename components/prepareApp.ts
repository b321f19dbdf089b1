import { appName } from "./app/objectMeta";
import { inApp } from "./config/otherApp";
import type { Settings } from "./config/settings";
import { dockerfileIn } from "./image/findDockerfile";
import { type Project, readProject } from "./image/project";
import { showNotes } from "./notes";
import { readPriorState } from "./safeguards/ownState";
import { resolveTarget, type Target } from "./targets/resolveTarget";

/** An app about which everything is known that has to be before anything changes. */
export interface PreparedApp {
  settings: Settings;
  target: Target;
  project: Project;
}

/**
 * Reads an app's project, finds its cluster and makes sure that the stack may change its namespace and loses nothing.
 * With several apps, all are prepared before one is declared.
 *
 * @throws a `Problem` that says what to do
 */
export async function prepareApp(settings: Settings): Promise<PreparedApp> {
  return await prepare(settings).catch((error: unknown) => {
    throw settings.name === appName ? error : inApp(settings.name, error);
  });
}

async function prepare(settings: Settings): Promise<PreparedApp> {
  dockerfileIn(settings.project);
  const target = await resolveTarget(settings, readPriorState);
  const project = readProject(settings.project, { ...settings.image, builder: target.builder });
  await showNotes(settings, target, project);
  return { settings, target, project };
}
