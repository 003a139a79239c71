import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answers, freePorts, type Program, programFolder, startProgram } from './program.ts';

const shipped = fileURLToPath(new URL('../../../templates/compose/tempo.yaml', import.meta.url));

export interface Tempo extends Program {
  /** Of its API. */
  url: string;
  /** Where it takes OTLP/HTTP. */
  otlpUrl: string;
}

/** Starts the real Tempo with the configuration that `templates/compose` gives it, in a folder and on ports of its own. */
export async function startTempo(executable: string): Promise<Tempo> {
  const folder = await programFolder('tempo');
  const [http = 0, grpc = 0, otlp = 0] = await freePorts(3);
  const config = join(folder, 'tempo.yaml');
  const listening = [
    'http_listen_address: 127.0.0.1',
    `http_listen_port: ${http}`,
    'grpc_listen_address: 127.0.0.1',
    `grpc_listen_port: ${grpc}`,
  ];
  const text = (await readFile(shipped, 'utf8'))
    .replaceAll('/var/tempo', folder)
    .replace('endpoint: 0.0.0.0:4318', `endpoint: 127.0.0.1:${otlp}`)
    .replace('http_listen_port: 3200', listening.join('\n  '));
  await writeFile(config, `${text}\n${otherFolders(folder)}`);
  const url = `http://127.0.0.1:${http}`;
  const program = await startProgram({
    name: 'Tempo',
    command: [executable, `-config.file=${config}`, '-config.expand-env=true'],
    folder,
    isReady: () => answers(`${url}/ready`),
  });
  return { url, otlpUrl: `http://127.0.0.1:${otlp}`, ...program };
}

/** Those that it would have in /var/tempo, where another would find them. */
function otherFolders(folder: string): string {
  return `live_store:
  wal: { path: ${folder}/live-store }
  shutdown_marker_dir: ${folder}/shutdown-marker
block_builder:
  wal: { path: ${folder}/block-builder }
backend_scheduler:
  local_work_path: ${folder}
`;
}
