import type { Variables } from '../provider.ts';

/** The user's `[shell_environment_policy]`, as far as it matters here. */
export interface ToolPolicy {
  inherit?: unknown;
  /** Variables that the user gives to tools: theirs stay. */
  set?: unknown;
}

/**
 * The tools that Codex runs inherit its environment. These settings give them back what the user has in the place of our
 * variables, by the one table that Codex merges key by key with the user's own (its `filters` are refused beside a user's
 * `exclude`, and its lists replace theirs). A variable can only be emptied, which is the same as not set (OpenTelemetry,
 * "Environment Variable Specification"). Headers are emptied, too: a command line can be read by everybody.
 */
export function toolSettings(changes: Variables, own: Variables, policy: ToolPolicy): string[] {
  // Then they inherit none of ours.
  if (policy.inherit === 'none' || policy.inherit === 'core') return [];
  const given = typeof policy.set === 'object' && policy.set !== null ? policy.set : {};
  return Object.keys(changes)
    .filter((name) => !(name in given))
    .map((name) => {
      const value = name.endsWith('_HEADERS') ? '' : (own[name] ?? '');
      return `shell_environment_policy.set.${name}=${JSON.stringify(value)}`;
    });
}
