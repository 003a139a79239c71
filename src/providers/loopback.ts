type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Behind a proxy Codex sends even loopback telemetry to it, our secret and unredacted records included
 * (measured on 0.169.0; Gemini 0.61.0 and Claude 2.1.329 do not). Adds an exception, in both spellings;
 * nothing where there is no proxy for http.
 */
export function aroundProxy(env: Environment): Record<string, string> {
  const proxies = ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'];
  if (proxies.every((name) => !env[name])) return {};
  return {
    NO_PROXY: withLoopback(env['NO_PROXY'] || env['no_proxy']),
    no_proxy: withLoopback(env['no_proxy'] || env['NO_PROXY']),
  };
}

/** `*` is everything, but for some programs only when it stands alone. */
function withLoopback(exceptions = ''): string {
  const entries = exceptions.split(',').map((entry) => entry.trim());
  if (entries.includes('*') || entries.includes('127.0.0.1')) return exceptions;
  return exceptions === '' ? '127.0.0.1' : `${exceptions},127.0.0.1`;
}
