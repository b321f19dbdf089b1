import fs from "node:fs";
import path from "node:path";

import type { SavesName } from "../scenarioNames";
import { switchBranch } from "./branch";
import { addModules } from "./modules";

/** A project in which files are saved. */
export interface SavesProject {
  title: string;
  /** Config of its stack, besides the bench's. */
  config: Record<string, string | object>;
  /** Makes it from a copy of the example. */
  change: (project: string) => void;
  /** Whether Skaffold takes part, which deploys one image. */
  isCompared: boolean;
}

/** Asks the database for something from time to time, as the worker of a queue does. */
const worker = `import os
import signal
import sys
import time

import django

signal.signal(signal.SIGTERM, lambda signum, frame: sys.exit(0))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402

while True:
    get_user_model().objects.exists()
    time.sleep(1)
`;

const addNothing = (): void => undefined;

export const savesProjects: Record<SavesName, SavesProject> = {
  saves: { title: "the example", config: {}, change: addNothing, isCompared: true },
  "saves-modules": {
    title: "300 modules, Django REST framework",
    config: {},
    change: addModules,
    isCompared: true,
  },
  "saves-services": {
    title: "the example with Postgres and a worker",
    config: { database: "postgres", protectData: "false", processes: { worker: { command: "python worker.py" } } },
    change: (project) => {
      fs.writeFileSync(path.join(project, "worker.py"), worker);
    },
    isCompared: false,
  },
  "saves-branch": {
    title: "the example and 5,000 files",
    config: {},
    change: (project) => {
      switchBranch(project, "first");
    },
    isCompared: true,
  },
};
