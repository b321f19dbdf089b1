import type { DatabaseSsl, Found } from "../../findings";
import { namesIn, plainText } from "../interpreter/values";
import { engineOf, entriesOf, kindOf, postgresEnvironment, withUrlOfAnyName } from "./database";
import type { Evaluate, Evaluation } from "./evaluation";

/** With these, libpq connects to a server that has no certificate. */
const without = /^(disable|allow|prefer)$/;

/** The mode that the default database has to have, once it is Postgres. */
function modeOf(evaluation: Evaluation): string | undefined {
  const entries = entriesOf(evaluation);
  const options = entries?.get("OPTIONS");
  const isPostgres = kindOf(engineOf(evaluation) ?? "") === "postgres";
  return isPostgres && options?.kind === "dict" ? plainText(options.entries.get("sslmode")) : undefined;
}

const needsSsl = (evaluation: Evaluation): boolean => !without.test(modeOf(evaluation) ?? "disable");

/**
 * Whether the default database, once it is Postgres, has to be reached by encrypted connections.
 *
 * @param evaluate with debug off
 * @param evaluateOn with debug on; undefined where no variable turns it on
 * @param written values that files of the project give to variables
 */
export function findDatabaseSsl(
  evaluate: Evaluate,
  evaluateOn: Evaluate | undefined,
  written: Readonly<Record<string, string>>,
): Found<DatabaseSsl> | undefined {
  const plain = evaluate({});
  const names = plain.record.reads.map(({ name }) => name);
  const postgres = withUrlOfAnyName(postgresEnvironment(names, plain), evaluate);
  // A name of a database's may be that of its mode, which is what it is without a value.
  const own = Object.fromEntries(Object.entries(postgres).filter(([name]) => !ofSsl.test(name)));
  const environment = { ...written, ...own };
  const needed = evaluate(environment);
  if (!needsSsl(needed)) {
    return undefined;
  }
  const options = entriesOf(needed)?.get("OPTIONS");
  const variables = (options === undefined ? [] : [...namesIn(options)]).filter((name) => ofSsl.test(name));
  const variable = variables.flatMap((name) => {
    const off = ["False", "0", "false", "", "prefer", "True", "1"].find((text) => {
      const evaluation = evaluate({ ...environment, [name]: text });
      return !needsSsl(evaluation) && !evaluation.record.needed.has(name);
    });
    return off === undefined ? [] : [{ name, off }];
  })[0];
  const isWithoutDebug = evaluateOn !== undefined && !needsSsl(evaluateOn(environment));
  return { value: { variable, isWithoutDebug }, where: needed.placeOf("DATABASES") };
}

/** Others may decide more than that. */
const ofSsl = /SSL|TLS/;
