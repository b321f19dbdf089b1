/** Each channel begins with the port's number. */
const headerBytes = 2;

/** Takes the messages of a port-forward WebSocket apart: a byte with the number of the channel, and bytes of that. */
export class Demultiplexer {
  private readonly headersLeft = new Map<number, number>();

  read(message: Buffer): { channel: number; bytes: Buffer } {
    const channel = message.at(0) ?? -1;
    const bytes = message.subarray(1);
    const header = Math.min(this.headersLeft.get(channel) ?? headerBytes, bytes.length);
    this.headersLeft.set(channel, (this.headersLeft.get(channel) ?? headerBytes) - header);
    return { channel, bytes: bytes.subarray(header) };
  }
}
