import path from "node:path";

import { appInWords } from "../../app/appWords";
import { type AppChoice, type AppOption, onApp } from "../../app/onApp";
import { withCleanup } from "../../terminal/cleanup";
import { step } from "../../terminal/progress";
import { openDatabase } from "./database";
import { placeOfBackup, typedPath } from "./file";
import { lookAt } from "./look";
import { backUpMedia, mediaFile, openMedia } from "./media";
import { refuseNewerServer } from "./refuse";
import { databaseScript } from "./scripts";
import { bytesInWords, receive } from "./transfer";

export interface BackupOptions extends AppOption {
  /** Whether uploads are backed up, too. */
  media?: boolean;
}

/** Writes a stack's database into a file, and its uploads into one beside it. Prints their names. */
export async function backup(stack: string, typed: string, options: BackupOptions): Promise<void> {
  await onApp(stack, options, async (choice) => {
    await backupOf(choice, typed, options);
  });
}

async function backupOf(choice: AppChoice, typed: string, { media = false }: BackupOptions): Promise<void> {
  const { stack } = choice;
  const file = typedPath(typed);
  // What cannot be written is refused before anything is asked for.
  [file, ...(media ? [mediaFile(file)] : [])].forEach(placeOfBackup);
  await withCleanup(async (cleanup) => {
    const { interruption } = cleanup;
    const database = await openDatabase(choice, "db:backup", cleanup);
    const uploads = media ? await openMedia(choice, "db:backup") : undefined;
    const look = await lookAt(database, interruption);
    refuseNewerServer(stack, look);
    const title = `Backup of the database of ${appInWords(choice)} (${look.inWords}, ${bytesInWords(look.bytes)})`;
    const failed = `The database of stack ${stack} cannot be backed up`;
    const command = databaseScript(database.kind, "dump");
    await step(title, async (progress) => {
      await receive({ pod: database.pod, command, failed }, file, progress, interruption);
    });
    console.log(path.relative(process.cwd(), file));
    if (uploads !== undefined) {
      console.log(path.relative(process.cwd(), await backUpMedia(uploads, file, interruption)));
    }
  });
}
