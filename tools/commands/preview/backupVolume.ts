import { backupsTo } from "../../../components/config/backup";

/** Fields of `backup` that only S3-compatible storage has. */
const ofStorage = ["endpoint", "region"];

/** Whether a key `backup` names S3-compatible storage, which keeps the real backups. */
function isInStorage(backup: unknown): boolean {
  const text = typeof backup === "string" ? backup : JSON.stringify(backup);
  return backupsTo({ get: () => text }) === "s3";
}

/** A key `backup` whose files go into a volume of the namespace; what the program refuses stays as it is. */
export function intoVolume(backup: unknown): unknown {
  if (!isInStorage(backup)) {
    return backup;
  }
  const map = (typeof backup === "string" ? JSON.parse(backup) : backup) as Record<string, unknown>;
  return { ...Object.fromEntries(Object.entries(map).filter(([field]) => !ofStorage.includes(field))), to: "volume" };
}
