import path from "node:path";

import { readStages, type Step } from "../../../../components/image/dockerfileStages";
import { inFolder, shellCommands } from "../../../../components/image/places/shellCommands";
import { readSmallFile } from "../readSmallFile";
import type { ImageFacts } from "./imageFacts";
import { sourcesOf } from "./sourceOf";

/**
 * Python files that only the image has, as its Dockerfile copies another file of the project there, such as
 * `RUN cp shop/settings.example.py shop/settings.py`.
 *
 * @returns their paths, each with that of the file that is copied; all relative to the project
 */
export function madeFiles(project: string, image: ImageFacts | undefined): ReadonlyMap<string, string> {
  const made = new Map<string, string>();
  if (image === undefined) {
    return made;
  }
  const isThere = (file: string): boolean => readSmallFile(project, file) !== undefined;
  const stages = readStages(readSmallFile(project, image.dockerfile) ?? "").all;
  const copies = [
    ...image.copied.flatMap(({ source, place }) => (place === undefined ? [] : [{ from: [source], to: place }])),
    ...stages
      .flatMap(({ steps }) => steps.flatMap(copiesOf))
      .map(({ from, to }) => ({ from: sourcesOf(from, image), to })),
  ];
  for (const { from, to } of copies) {
    const source = from.find(isThere);
    const target = sourcesOf(to, image).find((each) => each !== source);
    if (source !== undefined && target?.endsWith(".py") === true && !isThere(target)) {
      made.set(target, source);
    }
  }
  return made;
}

/** What a RUN copies or moves from one path in the image to another. */
function copiesOf(step: Step): { from: string; to: string }[] {
  const commands = step.keyword === "RUN" ? shellCommands(step) : [];
  return commands.flatMap(({ words: [command = "", ...words], folder }) => {
    // One way to answer what `cp -i` asks.
    const ofAwk = command === "awk" ? /"cp (?:-\w+ )*(\S+)\s+([^\s"]+)/.exec(words.join(" "))?.slice(1) : undefined;
    const named = ofAwk ?? words.filter((word) => !word.startsWith("-"));
    const [from, to, ...more] = named.map((word) => inFolder(folder, word));
    const isCopy = ofAwk !== undefined || (/^(cp|mv|install)$/.test(path.posix.basename(command)) && more.length === 0);
    return isCopy && from !== undefined && to !== undefined ? [{ from, to }] : [];
  });
}
