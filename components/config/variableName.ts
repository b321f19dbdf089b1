/** Kubernetes takes nearly every name of a variable, and shells and Django's projects these. */
export const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Most bytes that Linux gives a process in one variable, of which its name, a sign and an end are a part. */
const most = 128 * 1024;

/** Whether a process can be given a variable: one with a longer value starts no process at all. */
export function isTooLong(name: string, value: string): boolean {
  return Buffer.byteLength(`${name}=${value}`) + 1 > most;
}

/** What is wrong with variables of which no process can be given one, as a clause that quotes no value. */
export function tooLong(variables: readonly (readonly [name: string, value: string])[]): string {
  const each = variables.map(([name, value]) => `${name} (${kibibytes(value)} KiB)`).join(", ");
  return `the value of ${each} is longer than the ${most / 1024} KiB that Linux gives a process in one variable`;
}

/** A text's size in KiB, rounded up. */
export const kibibytes = (...texts: string[]): number => Math.ceil(bytesOf(texts) / 1024);

const bytesOf = (texts: readonly string[]): number => texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
