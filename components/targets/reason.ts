/** Why a request failed, in a word: the system's code, such as ECONNREFUSED, says it better than the message around it. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
