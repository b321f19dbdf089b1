/** Why the system refused something, as Node.js says it, without the call and the path, which a sentence has already. */
export const systemReason = (error: unknown): string => (error as Error).message.split(",")[0] ?? "";
