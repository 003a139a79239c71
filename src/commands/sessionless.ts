import type { Provider } from '../providers/provider.ts';

/**
 * `--version`, `login` and the like hold no session: when no telemetry comes, there is nothing to tell, and nothing to
 * load for it.
 */
export function isSessionless(args: readonly string[], { sessionless }: Provider): boolean {
  const word = args.find((arg) => !arg.startsWith('-'));
  return args.some((arg) => /^(-[vVh]|--version|--help)$/.test(arg)) || sessionless.includes(word ?? '');
}
