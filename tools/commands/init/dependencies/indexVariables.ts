import type { Source } from "./source";

/** The variables that pip and Pipenv replace in URLs, each once: `https://${TOKEN}@pypi.example.com/simple`. */
export function variablesIn(text: string, file: string): Source["indexVariables"] {
  const names = [...text.matchAll(/\$\{([A-Z][A-Z0-9_]*)\}/g)].map(([, name = ""]) => name);
  return [...new Set(names)].map((name) => ({ value: name, where: file }));
}
