/** Whether an object has all that is wanted of it; the API server adds defaults. */
export function covers(actual: unknown, wanted: unknown): boolean {
  if (typeof wanted !== "object" || wanted === null) {
    return actual === wanted;
  }
  if (typeof actual !== "object" || actual === null) {
    return false;
  }
  if (Array.isArray(wanted) && (actual as unknown[]).length !== wanted.length) {
    return false;
  }
  return Object.entries(wanted).every(([key, value]) => covers((actual as Record<string, unknown>)[key], value));
}
