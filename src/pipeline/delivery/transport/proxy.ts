import { isSpared } from './no-proxy.ts';

export interface Proxy {
  /** Where it comes from. */
  variable: string;
  /** null when the variable holds nothing that can be used. */
  url: URL | null;
}

/**
 * The proxy of the URL's scheme, as curl has it: HTTP_PROXY, HTTPS_PROXY and NO_PROXY, in lower case too, which is
 * the stronger. null without one.
 */
export function proxyFor(url: URL, env: NodeJS.ProcessEnv): Proxy | null {
  const found = variableOf(url.protocol === 'https:' ? 'https_proxy' : 'http_proxy', env);
  if (found === null || isSpared(url, variableOf('no_proxy', env)?.text ?? '')) return null;
  const { variable, text } = found;
  const address = text.includes('://') ? text : `http://${text}`;
  const isUsable = /^https?:/i.test(address) && URL.canParse(address);
  return { variable, url: isUsable ? new URL(address) : null };
}

/** This machine, under a name that no resolver can point elsewhere (RFC 6761 §6.3). */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])\.?$/i.test(hostname);
}

function variableOf(name: string, env: NodeJS.ProcessEnv): { variable: string; text: string } | null {
  for (const variable of [name, name.toUpperCase()]) {
    const text = env[variable]?.trim();
    if (text) return { variable, text };
  }
  return null;
}
