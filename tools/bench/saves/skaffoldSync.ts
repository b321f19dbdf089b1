import fs from "node:fs";
import path from "node:path";

import { parseAllDocuments, stringify } from "yaml";

import type { KubernetesObject } from "../manifests";
import type { Start } from "../otherWay";
import { manifestFile, Skaffold } from "../skaffold";
import { replaceIn } from "./sourceEdits";

/** Of the image's user, to whom the files have to belong that Skaffold's `tar` replaces. */
const owner = "10001:10001";

/**
 * Skaffold with its file sync, at its best: a save is put into the pod as `sync.manual` says, and Django's own development
 * server sees it and starts again.
 */
export class SkaffoldSync extends Skaffold {
  constructor(start: Start) {
    super(start, "bench-skaffold-sync", { manual: [{ src: "**/*", dest: "." }] });
    const { folder } = this.commands;
    const dockerfile = path.join(folder, "app", "Dockerfile");
    // Without the bytecode that hides an edit.
    const copied = `COPY --chown=${owner} --from=sources /app /app\nRUN chown ${owner} /app\n`;
    replaceIn(dockerfile, "COPY --from=project /app /app\n", copied);
    replaceIn(dockerfile, 'CMD ["python", "serve.py"]', 'CMD ["python", "manage.py", "runserver", "0.0.0.0:8000"]');
    const file = path.join(folder, manifestFile);
    const objects = parseAllDocuments(fs.readFileSync(file, "utf8")).map((each) => each.toJS() as KubernetesObject);
    fs.writeFileSync(
      file,
      objects
        .map(writable)
        .map((object) => stringify(object))
        .join("---\n"),
    );
  }
}

/** The same object whose containers can write to the image's folders. */
export function writable(object: KubernetesObject): KubernetesObject {
  return JSON.parse(
    JSON.stringify(object, (key, value: unknown) => (key === "readOnlyRootFilesystem" ? false : value)),
  ) as KubernetesObject;
}
