import { text } from '../../otlp/attributes.ts';
import type { KeyValue } from '../../otlp/types.ts';

/** What the logs call every tool of an MCP server; the spans name server and tool (measured, 2.1.329). */
const unnamed = 'mcp_tool';

/** The name of a record's tool; of one of an MCP server `mcp__<server>__<tool>`, where the record tells it. */
export function toolName(attributes: KeyValue[]): string {
  const name = text(attributes, 'tool_name') ?? 'unknown';
  if (name !== unnamed) return name;
  const { mcp_server_name: server, mcp_tool_name: tool } = parameters(attributes);
  return server && tool ? `mcp__${server}__${tool}` : name;
}

/** Of two names of one tool, the one that tells more; else the newer. */
export function specificName(known: string | undefined, told: string): string {
  return known !== undefined && told === unnamed ? known : told;
}

/** The server in `mcp__<server>__<tool>`. */
export function mcpServerOf(name: string): { mcpServer?: string } {
  const server = /^mcp__(.+?)__./.exec(name)?.[1];
  return server === undefined ? {} : { mcpServer: server };
}

/** `tool_parameters` is JSON, there only if details are sent (facts/claude.md §9). */
function parameters(attributes: KeyValue[]): Partial<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text(attributes, 'tool_parameters') ?? '');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
