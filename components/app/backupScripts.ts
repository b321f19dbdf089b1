import { connectScript } from "./postgresClient";

/** Where the containers have the files. */
export const backupFolder = "/backups";

/** How the files of an app's backups are named: by time, so that the last name is the newest file's. */
export function backupNames(namespace: string): { prefix: string; pattern: string } {
  // Of a namespace whose name begins with this one's, no file fits.
  return { prefix: `${namespace}-`, pattern: `${namespace}-????????T??????Z.dump` };
}

/** Dumps the database into a file of /backups, which has its name once it is whole. Its arguments: prefix, pattern, keep. */
export const dumpScript = `${connectScript}cd ${backupFolder} || exit
# What a run left that was killed.
find . -maxdepth 1 -name '.partial-*' -mmin +720 -delete
name="$1$(date -u +%Y%m%dT%H%M%SZ).dump"
partial=".partial-$name"
trap 'rm -f "$partial"' EXIT
pg_dump --format=custom --file="$partial" || exit
pg_restore --list "$partial" >/dev/null || exit
sync "$partial" && mv "$partial" "$name" || exit
echo "$name: $(wc -c <"$name") bytes"
`;

/** Follows it where /backups is a volume: keeps the newest files. */
export const pruneScript = `find . -maxdepth 1 -name "$2" | sort -r | tail -n +$(($3 + 1)) | while read -r old; do
  rm "$old" && echo "$old removed" || exit
done
`;

/** Copies the dump to the storage, and keeps the newest files there. Its arguments: pattern, keep, remote. */
export const uploadScript = `rclone copy --verbose --include "$1" ${backupFolder} "$3" || exit
rclone lsf --files-only --include "$1" "$3" >/tmp/files || exit
sort -r /tmp/files | tail -n +$(($2 + 1)) | while read -r old; do
  rclone deletefile "$3/$old" && echo "$old removed" || exit
done
`;
