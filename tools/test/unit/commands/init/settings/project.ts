import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

import { inspectSettings } from "../../../../../commands/init/settings/inspectSettings";
import type { SettingsFindings } from "../../../../../commands/init/findings";

/** Runs something with a folder that has these files. */
export function withProject<T>(files: Readonly<Record<string, string | Buffer>>, run: (folder: string) => T): T {
  const folder = mkdtempSync(path.join(tmpdir(), "settings-"));
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), content);
    }
    return run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A manage.py as `startproject` writes it. */
export const manageFor = (settings: string) => `#!/usr/bin/env python
import os
import sys


def main():
    os.environ.setdefault('DJANGO_SETTINGS_MODULE', '${settings}')
    from django.core.management import execute_from_command_line
    execute_from_command_line(sys.argv)


if __name__ == '__main__':
    main()
`;

/** What is found in a project whose settings are one file, and others beside it. */
export function inspected(settings: string, files: Readonly<Record<string, string>> = {}): SettingsFindings {
  const all = {
    "manage.py": manageFor("shop.settings"),
    "shop/__init__.py": "",
    "shop/settings.py": settings,
    ...files,
  };
  return withProject(all, (folder) => inspectSettings(folder));
}

/** A variable as a line: its name, `!` where settings fail without it, and its default. */
export function linesOf({ variables }: SettingsFindings): string[] {
  return variables.map(({ name, isRequired, hasDefault, defaultText }) =>
    isRequired ? `${name}!` : hasDefault ? `${name}=${defaultText ?? ""}` : name,
  );
}
