import { createCipheriv, createDecipheriv, pbkdf2, randomBytes } from "node:crypto";
import { promisify } from "node:util";

// As in Pulumi's sdk/go/common/resource/config/crypt.go, whose state and config files have to stay readable.
const algorithm = "aes-256-gcm";
const iterations = 1_000_000;
const tagLength = 16;
/** What Pulumi encrypts beside the salt, to tell a wrong passphrase. */
const known = "pulumi";

/** The key with which Pulumi encrypts a stack's secrets, made of a passphrase and the salt in the stack's file. */
export class PassphraseKey {
  private constructor(private readonly key: Buffer) {}

  /**
   * Takes about 0.3 s.
   *
   * @param salt `encryptionsalt` of a stack's file
   * @returns undefined where the passphrase is not the one that the salt goes with
   */
  static async of(passphrase: string, salt: string): Promise<PassphraseKey | undefined> {
    const [, bytes = "", version, nonce = "", text = ""] = salt.split(":");
    const encrypted = Buffer.from(text, "base64");
    if (version !== "v1" || encrypted.length < tagLength) {
      return undefined;
    }
    const key = await promisify(pbkdf2)(passphrase, Buffer.from(bytes, "base64"), iterations, 32, "sha256");
    return decrypts(key, Buffer.from(nonce, "base64"), encrypted) ? new PassphraseKey(key) : undefined;
  }

  /** A text as it stands under `secure:` in a stack's file. */
  encrypt(text: string): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv(algorithm, this.key, nonce);
    const encrypted = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
    return ["v1", nonce.toString("base64"), encrypted.toString("base64")].join(":");
  }
}

function decrypts(key: Buffer, nonce: Buffer, encrypted: Buffer): boolean {
  try {
    const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagLength });
    decipher.setAuthTag(encrypted.subarray(-tagLength));
    const text = Buffer.concat([decipher.update(encrypted.subarray(0, -tagLength)), decipher.final()]);
    return text.toString() === known;
  } catch {
    return false;
  }
}
