import { answers, freePorts, getJson, type Program, programFolder, startProgram } from './program.ts';

/** The members of a span in Phoenix' API that a test looks at. */
export interface PhoenixSpan {
  name: string;
  context: { trace_id: string; span_id: string };
  /** As Phoenix recognised it: `LLM`, `TOOL`, `AGENT`, `CHAIN`, `UNKNOWN`, … */
  span_kind: string;
  parent_id: string | null;
  status_code: 'OK' | 'ERROR' | 'UNSET';
  attributes: Readonly<Record<string, unknown>>;
}

/** A session with the token counts that Phoenix added up itself. */
export interface PhoenixSession {
  session_id: string;
  traces: readonly { trace_id: string }[];
  token_count_prompt: number;
  token_count_completion: number;
}

/** Starts the real Arize Phoenix with a database of its own. It takes OTLP at `<url>`, as protobuf only. */
export async function startPhoenix(python: string): Promise<Program & { url: string }> {
  const folder = await programFolder('phoenix');
  const [http = 0, grpc = 0] = await freePorts(2);
  const url = `http://127.0.0.1:${http}`;
  const program = await startProgram({
    name: 'Phoenix',
    command: [python, '-m', 'phoenix.server.main', 'serve'],
    folder,
    env: {
      PHOENIX_WORKING_DIR: folder,
      PHOENIX_HOST: '127.0.0.1',
      PHOENIX_PORT: String(http),
      PHOENIX_GRPC_PORT: String(grpc),
      PHOENIX_TELEMETRY_ENABLED: 'false',
      PHOENIX_ALLOW_EXTERNAL_RESOURCES: 'false',
    },
    isReady: () => answers(`${url}/healthz`),
  });
  return { url, ...program };
}

/** All spans of the project that everything goes to unless it says otherwise. */
export function phoenixSpans(phoenix: string): Promise<PhoenixSpan[]> {
  return all(phoenix, '/v1/projects/default/spans');
}

export function phoenixSessions(phoenix: string): Promise<PhoenixSession[]> {
  return all(phoenix, '/v1/projects/default/sessions');
}

async function all<T>(phoenix: string, path: string): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const url: URL = new URL(path, phoenix);
    url.searchParams.set('limit', '1000');
    if (cursor !== null) url.searchParams.set('cursor', cursor);
    const page: { data: T[]; next_cursor: string | null } = await getJson(url);
    items.push(...page.data);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return items;
}
