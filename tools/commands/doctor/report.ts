import { adviceInWords } from "../../../components/advice";
import { Problem } from "../../../components/problem";
import { alignedTable } from "../../terminal/table";
import type { Finding } from "./findings";

const marks: Record<Finding["status"], string> = { ok: "✓", note: "!", failed: "✗" };

/** A row for each finding, and below it what another program printed and what helps. */
export function rowsOf(findings: readonly Finding[]): string[][] {
  return findings.flatMap(({ status, subject, detail, output = [], help }) => [
    [marks[status], subject, detail],
    ...output.map((line) => ["", "", `| ${line}`]),
    ...(help === undefined ? [] : [["", "", `→ ${adviceInWords(help)}`]]),
  ]);
}

/** The findings as a table. */
export function toTable(findings: readonly Finding[]): string {
  return alignedTable(rowsOf(findings));
}

/** The checks that failed, and what helps with the first of them; undefined when none failed. */
export function problemOf(findings: readonly Finding[], stack: string): Problem | undefined {
  const failed = findings.filter(({ status }) => status === "failed");
  if (failed.length === 0) {
    return undefined;
  }
  const subjects = failed.map(({ subject }) => subject).join(", ");
  return new Problem(
    `${failed.length} of ${findings.length} checks of stack ${stack} failed (${subjects})`,
    failed.find(({ help }) => help !== undefined)?.help,
  );
}
