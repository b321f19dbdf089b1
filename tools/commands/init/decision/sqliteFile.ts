import { isWithin } from "../readSmallFile";
import { type Decision, emptyDecision, type Findings, usualSize } from "./decision";
import { placeOfSetting } from "./placeOfSetting";

/** A volume for the file of SQLite, where a compose file or a hosting platform keeps it in one. */
export function decideSqliteFile(findings: Findings, database: "sqlite" | "postgres"): Decision {
  const decision = emptyDecision();
  const { settings, processes, image } = findings;
  const file = database === "sqlite" ? settings.sqliteFile : undefined;
  const place = file && placeOfSetting(file, image);
  const kept = [...processes.volumes, ...processes.mounts].find(
    ({ value }) => place !== undefined && isWithin(value, place),
  );
  if (kept !== undefined) {
    decision.settings.push({ key: "databaseStorage", value: usualSize, where: kept.where });
  }
  return decision;
}
