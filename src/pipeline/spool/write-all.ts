import { writeSync, writevSync } from 'node:fs';

/**
 * Writes the buffers one after the other: one system call, unless the system takes less at once.
 * @returns bytes written.
 * @throws the file system's error; a part may have been written then.
 */
export function writeAll(fd: number, buffers: readonly Uint8Array[]): number {
  const total = buffers.reduce((sum, each) => sum + each.byteLength, 0);
  let written = writevSync(fd, buffers);
  if (written < total) {
    const rest = Buffer.concat(buffers).subarray(written);
    for (let at = 0; at < rest.length; ) at += writeSync(fd, rest, at);
    written = total;
  }
  return written;
}
