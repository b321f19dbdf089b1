/**
 * The text of a file in UTF-8 or, with a byte order mark, in UTF-16, which PowerShell writes; else in Latin-1.
 *
 * @returns undefined for bytes that are no text
 */
export function decodeText(bytes: Buffer): string | undefined {
  const text = decoded(bytes);
  return text.includes("\0") ? undefined : text;
}

function decoded(bytes: Buffer): string {
  const mark = bytes.subarray(0, 2).toString("latin1");
  const encoding = mark === "\xff\xfe" ? "utf-16le" : mark === "\xfe\xff" ? "utf-16be" : "utf-8";
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return bytes.toString("latin1");
  }
}
