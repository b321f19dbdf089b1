import { appInWords, appWords } from "../../app/appWords";
import { type AppChoice, type AppOption, onApp } from "../../app/onApp";
import { withCleanup } from "../../terminal/cleanup";
import { step } from "../../terminal/progress";
import { openDatabase } from "./database";
import { readBackup, typedPath } from "./file";
import { lookAt } from "./look";
import { openMedia, refuseMedia, restoreMedia } from "./media";
import { refuseRestore } from "./refuse";
import { databaseScript } from "./scripts";
import { hand } from "./transfer";

export interface RestoreOptions extends AppOption {
  /** Whether what is there may go. */
  force?: boolean;
  /** Whether uploads are restored, too. */
  media?: boolean;
}

/** Replaces a stack's database by the backup in a file, and its uploads by the one beside it: each as a whole, or not at all. */
export async function restore(stack: string, typed: string, options: RestoreOptions): Promise<void> {
  await onApp(stack, options, async (choice) => {
    await restoreInto(choice, typed, options);
  });
}

async function restoreInto(
  choice: AppChoice,
  typed: string,
  { force = false, media = false }: RestoreOptions,
): Promise<void> {
  const { stack } = choice;
  const file = typedPath(typed);
  const backup = readBackup(file);
  await withCleanup(async (cleanup) => {
    const { interruption } = cleanup;
    const database = await openDatabase(choice, "db:restore", cleanup);
    const look = await lookAt(database, interruption);
    refuseRestore(backup, look, { stack, named: appWords(choice), file: typed, isForced: force });
    const uploads = media ? await openMedia(choice, "db:restore") : undefined;
    if (uploads !== undefined) {
      await refuseMedia(uploads, file, force);
    }
    const failed = `${typed} cannot be restored into the database of stack ${stack}`;
    const command = databaseScript(database.kind, "restore");
    await step(`Restore of ${typed} into the database of ${appInWords(choice)} (${look.inWords})`, async (progress) => {
      await hand({ pod: database.pod, command, failed }, file, progress, interruption);
    });
    if (uploads !== undefined) {
      await restoreMedia(uploads, file, interruption);
    }
    console.error(`If the backup is older than the code, run \`npm run manage -- ${appWords(choice)} migrate\``);
  });
}
