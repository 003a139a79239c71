import { crc32 } from 'node:zlib';

/** One piece of a file that tells whether it is whole. */
export interface Frame {
  /** What the payload is: a number of the file's own choice. */
  type: number;
  payload: Buffer;
}

/**
 * Header of a frame: 20 bytes, of five little-endian numbers.
 *
 *      0  magic
 *      4  type
 *      8  length of the payload
 *     12  CRC-32 of the payload
 *     16  CRC-32 of the 16 bytes before
 *
 * The header has a checksum of its own so that a length can be trusted when the payload is damaged.
 */
const magic = Buffer.from([0xa7, 0x5f, 0x0d, 0x9c]);
const headerBytes = 20;

/** @returns the buffers to write, one after the other. The parts make up the payload and are not copied. */
export function encodeFrame(type: number, parts: readonly Uint8Array[]): Uint8Array[] {
  const header = Buffer.alloc(headerBytes);
  let length = 0;
  let checksum = 0;
  for (const part of parts) {
    length += part.byteLength;
    checksum = crc32(part, checksum);
  }
  magic.copy(header);
  header.writeUInt32LE(type, 4);
  header.writeUInt32LE(length, 8);
  header.writeUInt32LE(checksum, 12);
  header.writeUInt32LE(crc32(header.subarray(0, 16)), 16);
  return [header, ...parts];
}

/**
 * Reads every frame that is intact; payloads are views of the bytes. Never throws.
 *
 * A frame whose payload is damaged is stepped over. After a damaged header reading goes on at the next intact
 * one. A frame that is cut off ends the file. `damaged` counts the stretches that are no frames.
 */
export function decodeFrames(bytes: Buffer): { frames: Frame[]; damaged: number } {
  const frames: Frame[] = [];
  let damaged = 0;
  let isDamaged = false;
  const skip = () => {
    if (!isDamaged) damaged += 1;
    isDamaged = true;
  };
  let at = 0;
  while (at < bytes.length) {
    const header = headerAt(bytes, at);
    if (!header) {
      skip();
      const next = bytes.indexOf(magic, at + 1);
      at = next < 0 ? bytes.length : next;
      continue;
    }
    const payload = bytes.subarray(at + headerBytes, at + headerBytes + header.length);
    at += headerBytes + header.length;
    if (payload.length === header.length && crc32(payload) === header.checksum) {
      frames.push({ type: header.type, payload });
      isDamaged = false;
    } else {
      skip();
    }
  }
  return { frames, damaged };
}

function headerAt(bytes: Buffer, at: number): { type: number; length: number; checksum: number } | null {
  if (bytes.length - at < headerBytes) return null;
  const header = bytes.subarray(at, at + headerBytes);
  if (!header.subarray(0, magic.length).equals(magic)) return null;
  if (crc32(header.subarray(0, 16)) !== header.readUInt32LE(16)) return null;
  return { type: header.readUInt32LE(4), length: header.readUInt32LE(8), checksum: header.readUInt32LE(12) };
}
