import type { StoreAddress } from './stores.ts';

/** null for what is no address. Credentials in it become a header, and are never shown. */
export function storeAddress(text: string): StoreAddress | null {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return null;
  const { username, password, origin, pathname } = new URL(text);
  const url = `${origin}${pathname}`.replace(/\/+$/, '');
  if (username === '' && password === '') return { url, headers: {} };
  try {
    const credentials = [username, password].map(decodeURIComponent).join(':');
    return { url, headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` } };
  } catch {
    // A percent sign that begins nothing.
    return null;
  }
}
