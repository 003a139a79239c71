import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';

/** Largest body after decompression; more is taken for a bomb. Bytes. */
const sizeLimit = 256 * 1024 * 1024;

const inflateAsync = promisify(inflate);
const gunzipAsync = promisify(gunzip);

/** The plain body, or null for an encoding that is not known, a damaged body or one over the limit. */
export async function decompress(body: Buffer, contentEncoding: string | undefined): Promise<Buffer | null> {
  try {
    switch (contentEncoding?.trim().toLowerCase()) {
      case undefined:
      case '':
      case 'identity':
        return body;
      case 'gzip':
        return await gunzipAsync(body, { maxOutputLength: sizeLimit });
      case 'deflate':
        return await inflateAsync(body, { maxOutputLength: sizeLimit });
      default:
        return null;
    }
  } catch {
    return null;
  }
}
