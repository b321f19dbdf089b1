import { Interpreter, type ProjectModules } from "../interpreter/interpreter";
import { Recording } from "../interpreter/record";
import type { Value } from "../interpreter/values";

/** Settings as they are with an environment. */
export interface Evaluation {
  record: Recording;
  /** A setting's value; undefined where the settings do not set it. */
  setting(name: string): Value | undefined;
  /** Where a setting gets its value. */
  placeOf(name: string): string;
}

/** Evaluates settings with other environments. @param explores as for `evaluateSettings`; @default false */
export type Evaluate = (environment: Readonly<Record<string, string>>, explores?: boolean) => Evaluation;

/**
 * Evaluates a settings module.
 *
 * @param explores whether variables are looked for also where the environment does not lead
 * @param configuration name of the class that holds the settings, with django-configurations
 */
export function evaluateSettings(
  modules: ProjectModules,
  module: string,
  configuration: string | undefined,
  environment: Readonly<Record<string, string>>,
  explores: boolean,
): Evaluation {
  const record = new Recording(new Map(Object.entries(environment)), explores);
  const interpreter = new Interpreter(record, modules);
  const names = interpreter.moduleScope(module)?.names ?? new Map<string, Value>();
  const holder = configuration === undefined ? undefined : names.get(configuration);
  return {
    record,
    setting: (name) => (holder?.kind === "object" ? holder.behaviour.attribute?.(name) : undefined) ?? names.get(name),
    placeOf: (name) => record.places.get(name) ?? module,
  };
}

/** Whether a module is one of settings, not a package that only holds some. */
export function isSettingsModule(modules: ProjectModules, name: string): boolean {
  const { names } = new Interpreter(new Recording(new Map(), false), modules).moduleScope(name) ?? {};
  const isSetting = (read: (setting: string) => Value | undefined) =>
    ["INSTALLED_APPS", "ROOT_URLCONF", "DATABASES"].some((setting) => read(setting) !== undefined);
  const classes = [...(names?.values() ?? [])].flatMap((value) => (value.kind === "object" ? [value.behaviour] : []));
  return (
    isSetting((setting) => names?.get(setting)) ||
    classes.some((behaviour) => behaviour.attribute && isSetting(behaviour.attribute))
  );
}
