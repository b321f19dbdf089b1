import fs from "node:fs";

import { Problem } from "../../../components/problem";
import { appInWords, appWords } from "../../app/appWords";
import type { AppChoice } from "../../app/onApp";
import { ownPlace } from "../../app/ownPlace";
import { podPlace } from "../../app/podPlace";
import { runningPod } from "../../app/runningPod";
import { processNamed } from "../../app/workloads";
import { withKubectl } from "../../kubernetes/kubectl";
import { lastLines } from "../../terminal/captured";
import { step } from "../../terminal/progress";
import { Pod } from "../manage/pod";
import { mediaScript } from "./scripts";
import { hand, receive } from "./transfer";

/** The folder of a stack's uploads, in a pod that has it. */
export interface Media {
  stack: string;
  /** The app of the stack, in words. */
  of: string;
  /** The app, as commands name it. */
  named: string;
  pod: Pod;
  folder: string;
}

/** The file with the uploads, beside the one with the database. */
export const mediaFile = (file: string): string => `${file}.media.tar.gz`;

/** Finds a stack's uploads. Throws a `Problem` where there are none that are kept, or no pod that has them. */
export async function openMedia(choice: AppChoice, does: string): Promise<Media> {
  const { stack, config } = choice;
  const folder = folderOf(config.get("media"));
  if (folder === undefined) {
    throw new Problem(
      `Stack ${stack} keeps no uploads: \`media\` is not set`,
      `leave out --media, or run \`pulumi config set --path media.path PATH --stack ${stack}\``,
    );
  }
  const needed = `${does} --media needs a pod of stack ${stack}, and`;
  const place = await ownPlace(choice, needed);
  const web = await processNamed(place, "web", stack);
  const name = await runningPod(place, web, { stack, needed, otherwise: "any that runs" });
  const of = appInWords(choice);
  return {
    stack,
    of,
    named: appWords(choice),
    folder,
    pod: new Pod(name, podPlace(choice, place, web), withKubectl()),
  };
}

function folderOf(media = "{}"): string | undefined {
  const { path } = media.startsWith("{") ? (JSON.parse(media) as { path?: unknown }) : {};
  return typeof path === "string" ? path : undefined;
}

/** Writes the uploads beside the file of the database; returns the name. */
export async function backUpMedia(
  { stack, of, pod, folder }: Media,
  file: string,
  interruption: AbortSignal,
): Promise<string> {
  const failed = `The uploads of stack ${stack} cannot be backed up`;
  const command = mediaScript("dump", folder);
  await step(`Backup of the uploads of ${of} (${folder})`, async (progress) => {
    await receive({ pod, command, failed }, mediaFile(file), progress, interruption);
  });
  return mediaFile(file);
}

/** Refuses to replace uploads unless that is asked for, and a restore without their file. Throws a `Problem`. */
export async function refuseMedia(
  { stack, named, pod, folder }: Media,
  file: string,
  isForced: boolean,
): Promise<void> {
  if (!fs.existsSync(mediaFile(file))) {
    throw new Problem(`${mediaFile(file)} does not exist, which has the uploads`, "leave out --media");
  }
  const { exitCode, stdout, stderr } = await pod.ask(mediaScript("look", folder));
  if (exitCode !== 0) {
    throw new Problem(`Folder ${folder} of pod ${pod.name} cannot be read`, undefined, lastLines(stderr.toString(), 5));
  }
  const count = Number(stdout.toString());
  if (count > 0 && !isForced) {
    throw new Problem(
      `The uploads of stack ${stack} have ${count} ${count === 1 ? "file" : "files"}, which a restore replaces`,
      `run \`npm run db:backup -- ${named} FILE --media\` to keep them, and add --force to replace them`,
    );
  }
}

/** Replaces the uploads by the file beside that of the database: all, or none. */
export async function restoreMedia(
  { stack, of, pod, folder }: Media,
  file: string,
  interruption: AbortSignal,
): Promise<void> {
  const failed = `The uploads of stack ${stack} cannot be restored`;
  const kept = "the uploads are as they were, and the database is restored";
  const command = mediaScript("restore", folder);
  await step(`Restore of the uploads of ${of} (${folder})`, async (progress) => {
    await hand({ pod, command, failed, kept }, mediaFile(file), progress, interruption);
  });
}
