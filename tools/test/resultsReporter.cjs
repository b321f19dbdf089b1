// Mocha's spec reporter that also leaves its counts and its failures in a file: `npm test` adds up several runs, and
// ends with what failed in any of them.
const fs = require("node:fs");
const { format } = require("node:util");

const { reporters } = require("mocha");

const { Base, Spec } = reporters;

/** What mocha prints of failures at the end of a run. */
function listed(failures) {
  const lines = [];
  const print = Base.consoleLog;
  Base.consoleLog = (...args) => lines.push(format(...args));
  try {
    Base.list(failures);
  } finally {
    Base.consoleLog = print;
  }
  return lines.join("\n");
}

module.exports = class extends Spec {
  done(failures, callback) {
    const { passes, pending } = this.stats;
    const files = this.failures.map(({ file }) => file);
    // A hook of all files has none.
    const failedFiles = files.includes(undefined) ? [] : [...new Set(files)];
    const results = {
      passed: passes,
      failed: failures,
      skipped: pending,
      failures: listed(this.failures),
      failedFiles,
    };
    fs.writeFileSync(process.env.TEST_RESULTS_FILE, JSON.stringify(results));
    callback(failures);
  }
};
