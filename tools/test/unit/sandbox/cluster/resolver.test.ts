import assert from "node:assert/strict";

import { podResolver } from "../../../../sandbox/cluster/resolver";

const etc = "/etc/resolv.conf";
const systemd = "/run/systemd/resolve/resolv.conf";
const networkManager = "/run/NetworkManager/no-stub-resolv.conf";

describe("The nameservers of the sandbox's pods", () => {
  const stub = "# by systemd-resolved\nnameserver 127.0.0.53\noptions edns0\n";
  const choose = (files: Record<string, string>): object => podResolver((file) => files[file]);

  it("are the machine's, where one of these can be reached from a pod", () => {
    assert.deepEqual(choose({ [etc]: "nameserver 10.0.0.2\n", [systemd]: "nameserver 10.0.0.9\n" }), { file: etc });
    assert.deepEqual(choose({ [etc]: `${stub}nameserver 10.0.0.2\n` }), { file: etc });
  });

  it("are those behind systemd-resolved or NetworkManager, where the machine's own is at a loopback address", () => {
    const servers = "search lan\nnameserver 192.168.1.1\nnameserver 2001:db8::1\nnameserver fe80::1%eth0\n";
    for (const file of [systemd, networkManager]) {
      for (const local of [stub, "nameserver 127.0.0.1", "nameserver ::1\n", ""]) {
        assert.deepEqual(choose({ [etc]: local, [file]: servers }), { file, servers: ["192.168.1.1", "2001:db8::1"] });
      }
    }
  });

  it("stay the machine's where nothing names others", () => {
    assert.deepEqual(choose({ [etc]: stub, [systemd]: stub }), { file: etc });
    assert.deepEqual(choose({}), { file: etc });
  });
});
