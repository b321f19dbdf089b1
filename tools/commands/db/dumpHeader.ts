/** What a dump in Postgres' custom format says of itself. */
export interface DumpHeader {
  /** Version of the server that it is of, such as "17.6 (Debian 17.6-1)". */
  server: string;
  /** Version of pg_dump. */
  client: string;
}

const magic = "PGDMP";

/**
 * Reads the header of a dump in Postgres' custom format, as pg_backup_archiver.c of Postgres writes it.
 *
 * @param start the file's first kilobytes
 * @returns undefined for a file of another kind
 */
export function readDumpHeader(start: Buffer): DumpHeader | undefined {
  if (start.subarray(0, magic.length).toString("latin1") !== magic || start.length < 11) {
    return undefined;
  }
  let at = magic.length;
  const byte = (): number => start[at++] ?? 0;
  const version = [byte(), byte(), byte()] as const;
  const [integerBytes] = [byte(), byte()];
  byte(); // The format: custom.
  const integer = (): number => {
    const sign = byte();
    let value = 0;
    for (let index = 0; index < integerBytes; index++) {
      value += byte() * 2 ** (8 * index);
    }
    return sign === 0 ? value : -value;
  };
  const text = (): string => {
    const length = integer();
    const found = length > 0 ? start.subarray(at, at + length).toString() : "";
    at += Math.max(0, length);
    return found;
  };
  // From 1.15 on, Postgres 16, the compression is a byte, and before that a level.
  if (version[0] > 1 || version[1] >= 15) {
    byte();
  } else {
    integer();
  }
  for (let index = 0; index < 7; index++) {
    integer(); // The date, as a struct tm.
  }
  text(); // The database's name.
  return { server: text(), client: text() };
}

/** The major version of a Postgres, such as 17 of "17.6 (Debian 17.6-1)"; NaN for a text without one. */
export const majorOf = (version: string): number => Number(/(\d+)/.exec(version)?.[1] ?? NaN);
