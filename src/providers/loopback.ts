type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Behind a proxy the CLIs send even loopback telemetry to it, our secret included, unless an exception says
 * otherwise (measured on Codex 0.169.0). Adds one, in both spellings; nothing where there is no proxy for
 * http.
 */
export function aroundProxy(env: Environment): Record<string, string> {
  const proxies = ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'];
  if (proxies.every((name) => !env[name])) return {};
  const own = env['no_proxy'] || env['NO_PROXY'];
  const exceptions = own ? `${own},127.0.0.1` : '127.0.0.1';
  return { NO_PROXY: exceptions, no_proxy: exceptions };
}
