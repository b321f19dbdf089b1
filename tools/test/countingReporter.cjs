// Mocha's spec reporter that also leaves its counts in a file, so that `npm test` can add up several runs.
const fs = require("node:fs");
const { reporters } = require("mocha");

module.exports = class extends reporters.Spec {
  done(failures, callback) {
    const { passes, pending } = this.stats;
    fs.writeFileSync(
      process.env.TEST_COUNTS_FILE,
      JSON.stringify({ passed: passes, failed: failures, skipped: pending }),
    );
    callback(failures);
  }
};
