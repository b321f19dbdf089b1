import "reflect-metadata";

import { createPrivateKey, generateKeyPairSync, webcrypto, X509Certificate } from "node:crypto";
import fs from "node:fs/promises";
import path from "node:path";

import * as x509 from "@peculiar/x509";

import { writeWhole } from "../../wholeFile";

x509.cryptoProvider.set(webcrypto as unknown as Crypto);

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const lifetimeMilliseconds = 3650 * 24 * 3600 * 1000;

/** A certificate authority, kept in two files, so that kubeconfigs stay valid when the cluster starts again. */
export interface Authority {
  certificate: x509.X509Certificate;
  key: CryptoKey;
}

export interface KeyPair {
  certificatePem: string;
  keyPem: string;
}

const validity = (): { notBefore: Date; notAfter: Date } => ({
  // The clocks of containers and virtual machines differ.
  notBefore: new Date(Date.now() - 3600_000),
  notAfter: new Date(Date.now() + lifetimeMilliseconds),
});

const newKeys = async (): Promise<CryptoKeyPair> =>
  await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);

async function privatePem(key: CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
}

/** Reads the authority in `<name>.pem` and `<name>-key.pem` of `folder`; makes one where a file is missing or damaged, or they do not match. */
export async function authority(folder: string, name: string): Promise<Authority> {
  const certificateFile = path.join(folder, `${name}.pem`);
  const keyFile = path.join(folder, `${name}-key.pem`);
  try {
    const certificate = new x509.X509Certificate(await fs.readFile(certificateFile, "utf8"));
    const pem = await fs.readFile(keyFile, "utf8");
    if (!new X509Certificate(certificate.toString("pem")).checkPrivateKey(createPrivateKey(pem))) {
      throw new Error("the key is another certificate's");
    }
    const [der] = x509.PemConverter.decode(pem);
    const key = await webcrypto.subtle.importKey("pkcs8", der ?? new ArrayBuffer(0), algorithm, true, ["sign"]);
    return { certificate, key };
  } catch {
    const keys = await newKeys();
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      name: `CN=${name}`,
      keys,
      ...validity(),
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature, true),
      ],
    });
    await fs.mkdir(folder, { recursive: true, mode: 0o700 });
    writeWhole(keyFile, await privatePem(keys.privateKey));
    writeWhole(certificateFile, certificate.toString("pem"));
    return { certificate, key: keys.privateKey };
  }
}

/**
 * Issues a certificate for clients and servers.
 *
 * @param subject such as `O=system:masters,CN=admin`
 * @param names the names and addresses of a server; @default none
 */
export async function issue(ca: Authority, subject: string, names: x509.JsonGeneralNames = []): Promise<KeyPair> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    subject,
    issuer: ca.certificate.subject,
    publicKey: keys.publicKey,
    signingKey: ca.key,
    signingAlgorithm: algorithm,
    ...validity(),
    extensions: [
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth, x509.ExtendedKeyUsage.serverAuth]),
      ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
    ],
  });
  return { certificatePem: certificate.toString("pem"), keyPem: await privatePem(keys.privateKey) };
}

/** Writes a pair to `<name>.pem` and `<name>-key.pem`. */
export async function writePair(folder: string, name: string, pair: KeyPair): Promise<void> {
  await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  writeWhole(path.join(folder, `${name}.pem`), pair.certificatePem);
  writeWhole(path.join(folder, `${name}-key.pem`), pair.keyPem);
}

/** Makes the keys that sign service account tokens, unless they are there: new ones would make every token invalid. */
export async function serviceAccountKeys(folder: string): Promise<void> {
  const keyFile = path.join(folder, "service-account-key.pem");
  try {
    createPrivateKey(await fs.readFile(keyFile, "utf8"));
    return;
  } catch {
    // It is missing or damaged.
  }
  const pair = generateKeyPairSync("ec", {
    namedCurve: "prime256v1",
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  writeWhole(path.join(folder, "service-account.pem"), pair.publicKey);
  writeWhole(keyFile, pair.privateKey);
}

/** A kubeconfig with one context, as JSON, which is YAML too. */
export function kubeconfig(context: string, server: string, ca: Authority, pair: KeyPair): string {
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  return JSON.stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      "current-context": context,
      clusters: [
        { name: context, cluster: { server, "certificate-authority-data": base64(ca.certificate.toString("pem")) } },
      ],
      users: [
        {
          name: context,
          user: {
            "client-certificate-data": base64(pair.certificatePem),
            "client-key-data": base64(pair.keyPem),
          },
        },
      ],
      contexts: [{ name: context, context: { cluster: context, user: context } }],
    },
    undefined,
    2,
  );
}
