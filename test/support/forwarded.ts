import { decodeJson } from '../../src/otlp/json.ts';
import type { LogRecord, Metric, Signal, Span } from '../../src/otlp/types.ts';

/** What a session sent to `--forward file:PATH`, by the scope that told it: `ai-trace` is our own. */
export interface Forwarded {
  ownSpans: Span[];
  nativeSpans: Span[];
  logs: LogRecord[];
  ownMetrics: Metric[];
}

const ownScope = 'ai-trace';

/** @param lines one OTLP/JSON request a line */
export function readForwardedLines(lines: string): Forwarded {
  const forwarded: Forwarded = { ownSpans: [], nativeSpans: [], logs: [], ownMetrics: [] };
  for (const line of lines.split('\n').filter((each) => each !== '')) {
    const decoded = decodeJson(signalOf(line), line);
    if (!decoded.ok) throw new Error(decoded.reason);
    const { request } = decoded;
    if ('resourceSpans' in request) {
      for (const { scope, spans } of request.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans)) {
        forwarded[scope?.name === ownScope ? 'ownSpans' : 'nativeSpans'].push(...spans);
      }
    } else if ('resourceLogs' in request) {
      for (const { scopeLogs } of request.resourceLogs)
        forwarded.logs.push(...scopeLogs.flatMap(({ logRecords }) => logRecords));
    } else {
      const scopes = request.resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics);
      forwarded.ownMetrics.push(
        ...scopes.flatMap(({ scope, metrics }) => (scope?.name === ownScope ? metrics : [])),
      );
    }
  }
  return forwarded;
}

function signalOf(line: string): Signal {
  if (line.startsWith('{"resourceSpans"')) return 'traces';
  return line.startsWith('{"resourceLogs"') ? 'logs' : 'metrics';
}
