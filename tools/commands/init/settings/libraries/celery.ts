import { callable, none, object, unknown, type Value } from "../interpreter/values";

/** What an application of Celery is called here. */
export const celeryLabel = "celery.Celery()";

/** `celery`: an application keeps what it is configured with, by the names that `app.conf` has. */
export function celeryModule(): Value {
  const make = object({
    label: "celery.Celery",
    call: ({ positional, named }) => {
      const conf = new Map<string, Value>();
      const configured: [name: string, value: Value | undefined][] = [
        ["broker_url", named.get("broker") ?? positional[3]],
        ["result_backend", named.get("backend")],
      ];
      const set = (name: string, value: Value | undefined): void => {
        if (value !== undefined) {
          conf.set(name, value);
        }
      };
      configured.forEach(([name, value]) => {
        set(name, value);
      });
      const settings = object({
        attribute: (name) =>
          name === "update"
            ? callable(({ positional: [given], named: entries }) => {
                [...(given?.kind === "dict" ? given.entries : []), ...entries].forEach(([key, value]) => {
                  set(key, value);
                });
                return none;
              })
            : conf.get(name),
        setAttribute: set,
      });
      return object({
        label: celeryLabel,
        attribute: (name) => (name === "conf" ? settings : unknown),
      });
    },
  });
  return object({ label: "celery", attribute: (name) => (name === "Celery" ? make : unknown) });
}
