import { closeSync, openSync, readSync } from 'node:fs';

/**
 * Random bytes from the kernel's own generator. node:crypto gives the same, but takes 2 ms to load before the CLI can be
 * started (bench/startup.mjs); it is used where there is no such device (Windows).
 */
export async function randomBytes(count: number): Promise<Buffer> {
  const bytes = Buffer.alloc(count);
  try {
    const device = openSync('/dev/urandom', 'r');
    try {
      if (readSync(device, bytes, 0, count, null) === count) return bytes;
    } finally {
      closeSync(device);
    }
  } catch {
    // no such device
  }
  const crypto = await import('node:crypto');
  return crypto.randomBytes(count);
}

/** A version 4 UUID (RFC 9562 §5.4). */
export async function randomUuid(): Promise<string> {
  const bytes = await randomBytes(16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
