import type { V1PersistentVolumeClaim } from "@kubernetes/client-node";

import { postgresImageOf } from "../../../components/app/postgresImage";
import { upgradedFolder } from "../../../components/app/postgresData";
import { readIfThere } from "../../../components/kubernetes/client";
import type { Live } from "../../../components/kubernetes/types";
import { Problem } from "../../../components/problem";
import { postgresAnnotation, postgresOf } from "../../../components/safeguards/mark";
import { postgresVolume } from "../../../components/safeguards/postgresVersion";
import { appWords } from "../../app/appWords";
import { type AppChoice, type AppOption, onApp, refuseNotInConfig } from "../../app/onApp";
import { ownPlace, runUp } from "../../app/ownPlace";
import { podPlace } from "../../app/podPlace";
import { withKubectl } from "../../kubernetes/kubectl";
import { LanguageHost } from "../../pulumi/languageHost/languageHost";
import type { Place } from "../../rollout/kubernetes";
import { local } from "../../sandbox/cluster/kinds";
import { ensureImage } from "../../sandbox/images/ensureImage";
import { lastLines } from "../../terminal/captured";
import { withCleanup } from "../../terminal/cleanup";
import { step } from "../../terminal/progress";
import { Pod } from "../manage/pod";
import { up } from "../up";
import { openDatabase } from "./database";
import { kubectlIn, type RunKubectl } from "./kubectl";
import { databaseScript, discardScript, upgradeScript } from "./scripts";
import { copyIn } from "./transfer";
import { upgradePod, upgradePodName } from "./upgradePod";

export interface UpgradeOptions extends AppOption {
  /** Whether the data of earlier versions is removed, and nothing is upgraded. */
  removeOld?: boolean;
}

/**
 * Copies a stack's data to the version of Postgres that its config names, into a folder of the same volume, and then
 * updates the stack. The old data stays. Until the copy is whole nothing is changed, and the old server serves again
 * after an error.
 */
export async function upgrade(stack: string, options: UpgradeOptions): Promise<void> {
  const note = await onApp(stack, options, async (choice) => {
    refuseOther(choice);
    return await (options.removeOld === true ? removeOldData(choice) : upgradeData(choice));
  });
  if (note !== undefined) {
    await up(stack, new LanguageHost());
    console.error(note);
  }
}

/** Copies the data. Returns what to say once the stack is updated. */
async function upgradeData(choice: AppChoice): Promise<string> {
  const { stack } = choice;
  const place = await ownPlace(choice, `db:upgrade needs the database of stack ${stack}, and`);
  const kubectl = kubectlIn(podPlace(choice, place, { app: undefined }));
  const wanted = Number(choice.config.text("postgresVersion"));
  const present = await versionOf(place, choice);
  if (wanted <= present) {
    throw new Problem(
      `The data of stack ${stack} is of Postgres ${present}, and config key "postgresVersion" is "${wanted}": allowed is a newer one`,
      `run \`pulumi config set postgresVersion ${present + 1} --stack ${stack}\``,
    );
  }
  if (choice.target === "sandbox") {
    await ensureImage(local, postgresImageOf(present));
    await ensureImage(local, postgresImageOf(wanted));
  }
  await copyData({ choice, place, kubectl }, present, wanted);
  return `The data of Postgres ${present} is still in the volume; once you do not need it: npm run db:upgrade -- ${appWords(choice)} --remove-old`;
}

function refuseOther(choice: AppChoice): void {
  const { stack, config, app } = choice;
  if (config.text("database") !== "postgres" || config.has("databaseUrl")) {
    refuseNotInConfig(choice, app);
    throw new Problem(
      `Stack ${stack} has no Postgres in its namespace`,
      "a server of your own is upgraded by who runs it; SQLite needs no upgrade",
    );
  }
}

async function versionOf({ context, namespace }: Place, { stack, app }: AppChoice): Promise<number> {
  const key = { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: postgresVolume(app), namespace } };
  const claim = await readIfThere<Live<V1PersistentVolumeClaim>>(context, key);
  if (claim === undefined) {
    throw new Problem(`Stack ${stack} has no data in a volume yet`, runUp(stack));
  }
  return postgresOf(claim.metadata);
}

async function removeOldData(choice: AppChoice): Promise<undefined> {
  await withCleanup(async (cleanup) => {
    const { stack, pod } = await openDatabase(choice, "db:upgrade", cleanup);
    const { exitCode, stdout, stderr } = await pod.ask(databaseScript("postgres", "remove_old"));
    if (exitCode !== 0) {
      const said = lastLines(stderr.toString(), 5);
      throw new Problem(`The old data of stack ${stack} cannot be removed`, undefined, said);
    }
    const removed = stdout.toString().trim();
    console.log(removed === "" ? "There is no data of an earlier version" : removed);
  });
}

interface Where {
  choice: AppChoice;
  place: Place;
  kubectl: RunKubectl;
}

async function copyData({ choice, place, kubectl }: Where, present: number, wanted: number): Promise<void> {
  const { stack, app } = choice;
  const volume = postgresVolume(app);
  const server = `statefulset/${volume}`;
  const failed = `The data of stack ${stack} cannot be copied to Postgres ${wanted}`;
  let isCopied = false;
  await withCleanup(async (cleanup) => {
    const { interruption } = cleanup;
    cleanup.atEnd(`the stop of the old server: run \`kubectl scale ${server} --replicas 1\``, async () => {
      if (!isCopied) {
        await kubectl("the old server does not start", ["scale", server, "--replicas=1"]);
      }
    });
    await step(`Stop of Postgres ${present}: the app has no database until the end`, async () => {
      await kubectl(failed, ["scale", server, "--replicas=0"]);
      // Two servers must never have one folder.
      await kubectl(failed, ["wait", `pod/${volume}-0`, "--for=delete", "--timeout=120s"]);
    });
    interruption.throwIfAborted();
    cleanup.atEnd(`pod ${upgradePodName}`, async () => {
      await kubectl("it is not deleted", ["delete", "pod", upgradePodName, "--ignore-not-found", "--timeout=120s"]);
    });
    await step(`Pod ${upgradePodName} with both versions`, async () => {
      await kubectl(failed, ["delete", "pod", upgradePodName, "--ignore-not-found", "--timeout=120s"]);
      await kubectl(failed, ["create", "--filename", "-"], upgradePod(volume, present, wanted));
      await kubectl(failed, ["wait", `pod/${upgradePodName}`, "--for=condition=Ready", "--timeout=300s"]);
    });
    interruption.throwIfAborted();
    const pod = new Pod(upgradePodName, podPlace(choice, place, { app: "new" }), withKubectl());
    cleanup.atEnd("a part of the copy", async () => {
      if (!isCopied) {
        await pod.ask(discardScript(upgradedFolder(wanted)));
      }
    });
    await step(`Copy of the data from Postgres ${present} to ${wanted}`, async (progress) => {
      await copyIn({ pod, command: upgradeScript(upgradedFolder(wanted)), failed }, progress, interruption);
    });
    const noted = Object.entries(postgresAnnotation(wanted)).map(([key, value]) => `${key}=${value}`);
    await kubectl(failed, ["annotate", "--overwrite", `persistentvolumeclaim/${volume}`, ...noted]);
    isCopied = true;
  });
}
