/**
 * Does NO_PROXY spare this URL the proxy? Its entries, between commas or spaces, are hosts, which stand for all below
 * them as well, with `.` or `*.` before them or without, and with a port if it is for that port only. `*` alone is
 * every host.
 */
export function isSpared({ protocol, hostname, port }: URL, noProxy: string): boolean {
  if (noProxy === '*') return true;
  const actualPort = port || (protocol === 'https:' ? '443' : '80');
  return noProxy
    .toLowerCase()
    .split(/[,\s]+/)
    .some((entry) => {
      const [, host = '', onlyPort = actualPort] = /^(.+?)(?::(\d+))?$/.exec(entry) ?? [];
      const name = host.replace(/^\*?\./, '');
      if (name === '' || Number(onlyPort) !== Number(actualPort)) return false;
      return hostname === name || hostname.endsWith(`.${name}`);
    });
}
