import assert from "node:assert/strict";

import { scheduleOf } from "../../../../../commands/init/decision/schedules";
import { below, decidedFor } from "./decided";

describe("the schedules that init decides on", () => {
  it("are django-crontab's jobs: functions of the project, and commands of manage.py", async () => {
    const settings = `CRONJOBS = [
    ("*/5 * * * *", "shop.cron.sync", ["it's"]),
    ("0 3 * * *", "django.core.management.call_command", ["clearsessions"]),
    ("0 4 * * *", "shop.cron.odd", [object()]),
]
`;
    await decidedFor({ settings }, (values, { notes }) => {
      assert.deepEqual(below("schedules", values), {
        "sync.schedule": "*/5 * * * *",
        "sync.command": `python manage.py shell -c 'from shop.cron import sync; sync("it'\\''s")'`,
        "clearsessions.schedule": "0 3 * * *",
        "clearsessions.command": "python manage.py clearsessions",
      });
      assert.match(notes.join("\n"), /^Not understood as a schedule: odd \(shop\/settings\.py:2\); /);
    });
  });

  it("have secrets of Ofelia's labels in variables, and not in their commands", async () => {
    for (const labels of [
      "{ ofelia.job-exec.mail.schedule: '@daily', ofelia.job-exec.mail.command: mail $MAIL_PASSWORD }",
      "[ofelia.job-exec.mail.schedule=@daily, ofelia.job-exec.mail.command=mail $MAIL_PASSWORD]",
    ]) {
      const files = {
        ".env": "MAIL_PASSWORD=hidden\n",
        "compose.yaml": `services: { web: { build: ., labels: ${labels} }, ofelia: { image: mcuadros/ofelia } }`,
      };
      await decidedFor({ files }, (values) => {
        assert.equal(values["schedules.mail.command"], "mail ${MAIL_PASSWORD}");
        assert.equal(values["secretEnv.MAIL_PASSWORD"], "hidden");
      });
    }
  });

  it("are those of Ofelia's labels", async () => {
    const compose = `
services:
  web:
    build: .
    command: gunicorn shop.wsgi
    labels:
      ofelia.enabled: "true"
      ofelia.job-exec.nightly.schedule: "0 30 2 * * *"
      ofelia.job-exec.nightly.command: python manage.py nightly
  ofelia: { image: "mcuadros/ofelia:latest" }
`;
    await decidedFor({ files: { "compose.yaml": compose } }, (values, { notes }) => {
      assert.deepEqual(below("schedules", values), {
        "nightly.schedule": "30 2 * * *",
        "nightly.command": "python manage.py nightly",
      });
      assert.deepEqual(notes, []);
    });
  });

  const forms: [written: string, expected: string | undefined][] = [
    ["0 3 * * *", "0 3 * * *"],
    ["@daily", "@daily"],
    ["@every 1h30m", "@every 1h30m"],
    ["0 30 2 * * 1", "30 2 * * 1"],
    ["30 0 3 * * *", undefined],
    ["@reboot", undefined],
  ];
  for (const [written, expected] of forms) {
    it(`${expected === undefined ? "have no form for" : `are "${expected}" for`} "${written}"`, () => {
      assert.equal(scheduleOf(written), expected);
    });
  }
});
