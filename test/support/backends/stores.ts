import { fileURLToPath } from 'node:url';
import { closedUrl } from '../collector.ts';
import { startAlloy } from './alloy.ts';
import { startLoki } from './loki.ts';
import type { Program } from './program.ts';
import { startPrometheus } from './prometheus.ts';
import { startTempo } from './tempo.ts';

const config = fileURLToPath(new URL('../../../templates/alloy/single-user.alloy', import.meta.url));

/** Paths of executables. */
export interface StorePrograms {
  alloy: string;
  prometheus: string;
  loki: string;
  tempo: string | null;
}

/** URLs of the stores' APIs. */
export interface StoreUrls {
  prometheus: string;
  loki: string;
  /** null where Tempo is missing. */
  tempo: string | null;
}

/**
 * Starts the stores and an Alloy that fills them, with its shipped configuration.
 * @param started gets what is to be removed in the end, also after a failure
 */
export async function startStores(
  programs: StorePrograms,
  started: Program[],
): Promise<{ alloyUrl: string; urls: StoreUrls }> {
  const start = async <P extends Program>(starting: Promise<P>): Promise<P> => {
    const program = await starting;
    started.unshift(program);
    return program;
  };
  const prometheus = await start(startPrometheus(programs.prometheus));
  const loki = await start(startLoki(programs.loki));
  const tempo = programs.tempo === null ? null : await start(startTempo(programs.tempo));
  const env = {
    TEMPO_OTLP_ENDPOINT: tempo?.otlpUrl ?? (await closedUrl()),
    LOKI_OTLP_ENDPOINT: `${loki.url}/otlp`,
    PROM_REMOTE_WRITE_URL: `${prometheus.url}/api/v1/write`,
  };
  const alloy = await start(startAlloy({ executable: programs.alloy, config, env }));
  return {
    alloyUrl: alloy.url,
    urls: { prometheus: prometheus.url, loki: loki.url, tempo: tempo?.url ?? null },
  };
}
