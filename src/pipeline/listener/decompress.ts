import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';

/** Largest body after decompression, the same as without any; more is taken for a bomb. Bytes. */
const sizeLimit = 64 * 1024 * 1024;

const inflateAsync = promisify(inflate);
const gunzipAsync = promisify(gunzip);

/**
 * The plain body, or null for an encoding that is not known, a damaged body or one over the limit. No CLI sends
 * zstd or brotli. What comes out is counted while it comes: a bomb of any ratio costs the limit.
 */
export async function decompress(body: Buffer, contentEncoding: string | undefined): Promise<Buffer | null> {
  const options = { maxOutputLength: sizeLimit, chunkSize: 64 * 1024 };
  try {
    switch (contentEncoding?.trim().toLowerCase()) {
      case undefined:
      case '':
      case 'identity':
        return body;
      case 'gzip':
        return await gunzipAsync(body, options);
      case 'deflate':
        return await inflateAsync(body, options);
      default:
        return null;
    }
  } catch {
    return null;
  }
}
