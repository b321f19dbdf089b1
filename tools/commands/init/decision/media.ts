import type { Found } from "../findings";
import { type Decision, emptyDecision, type Findings, usualSize } from "./decision";
import { placeOfSetting } from "./placeOfSetting";

/** The volume for uploads, where models or settings have any: at the path in the image that the settings name. */
export function decideMedia(findings: Findings): Decision {
  const decision = emptyDecision();
  const { settings } = findings;
  const { mediaRoot, fileField, keepsFilesElsewhere } = settings;
  if ((mediaRoot === undefined && fileField === undefined) || keepsFilesElsewhere) {
    return decision;
  }
  const found = pathOf(findings);
  if (found !== undefined) {
    decision.settings.push(
      { key: "media", name: "path", value: found.value, where: found.where },
      { key: "media", name: "size", value: usualSize, where: fileField?.where ?? found.where },
    );
  } else if (fileField !== undefined) {
    const why =
      mediaRoot === undefined ? "the settings have no MEDIA_ROOT" : `nobody can say which path ${mediaRoot.where} is`;
    decision.notes.push(
      `Uploads (${fileField.where}) go with their pod, since ${why}: \`pulumi config set --path media.path /PATH\` and \`pulumi config set --path media.size ${usualSize}\` keep them`,
    );
  }
  return decision;
}

/** What a variable says, what the settings say, else a volume of compose that is called so. */
function pathOf({ settings, processes, env, image }: Findings): Found<string> | undefined {
  const { mediaRoot, mediaVariable = "" } = settings;
  const written =
    processes.environment.get(mediaVariable) ?? env.values.find(({ name }) => name === mediaVariable) ?? undefined;
  if (written?.value.startsWith("/") === true) {
    return { value: trimmed(written.value), where: written.where };
  }
  const place = mediaRoot && placeOfSetting(mediaRoot, image);
  if (mediaRoot !== undefined && place?.startsWith("/") === true && trimmed(place) !== "") {
    return { value: trimmed(place), where: mediaRoot.where };
  }
  return processes.volumes.find(({ value }) => /media|upload/.test(value));
}

const trimmed = (place: string): string => place.replace(/\/+$/, "");
