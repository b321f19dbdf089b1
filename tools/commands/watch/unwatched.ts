let isSaid = false;

/** Says, once, that the system tells of no more files. They are looked at all the same, only not at once. */
export function sayUnwatched({ code, message }: NodeJS.ErrnoException): void {
  if (isSaid) {
    return;
  }
  isSaid = true;
  console.error(
    code === "ENOSPC" || code === "EMFILE"
      ? "The system's limit of watched files is reached, so saves are seen after some seconds; `sudo sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=1024` raises it"
      : `Some files cannot be watched (${message}), so their saves are seen after some seconds`,
  );
}
