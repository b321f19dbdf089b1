/** The header of a dump in Postgres' custom format, as pg_dump of a version writes it. */
export function dumpHeader(server: string, client: string, archive: [number, number, number] = [1, 16, 0]): Buffer {
  const integer = (value: number): number[] => [
    value < 0 ? 1 : 0,
    ...[0, 8, 16, 24].map((by) => (Math.abs(value) >> by) & 255),
  ];
  const text = (value: string): Buffer => Buffer.from([...integer(Buffer.byteLength(value)), ...Buffer.from(value)]);
  const compression = archive[1] >= 15 ? [1] : integer(-1);
  const date = [5, 4, 16, 27, 10, 126, 0].flatMap(integer);
  return Buffer.concat([
    Buffer.from([...Buffer.from("PGDMP"), ...archive, 4, 8, 1, ...compression, ...date]),
    ...["django", server, client].map(text),
  ]);
}
