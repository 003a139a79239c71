/** compose.yaml, read by the library behind `docker compose`; the configurations it mounts, read by the real stores. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { answers, freePorts, programFolder, startProgram } from '../support/backends/program.ts';

const reader = fileURLToPath(new URL('compose-config', import.meta.url));
const templates = fileURLToPath(new URL('../../templates/', import.meta.url));
const file = join(templates, 'compose/compose.yaml');

const hasGo = spawnSync('go', ['version']).status === 0;
if (!hasGo) console.error('\nWITHOUT GO, compose.yaml IS NOT READ BY THE LIBRARY OF docker compose\n');

interface Service {
  image: string;
  command: string[] | null;
  environment: Readonly<Record<string, string>>;
  ports?: { host_ip: string; published: string; target: number }[];
  volumes?: { type: string; source: string; target: string; read_only?: boolean }[];
}

describe.skipIf(!hasGo && !process.env['CI'])('docker compose', () => {
  let services: Record<string, Service>;
  beforeAll(() => {
    services = servicesOf({ GRAFANA_PORT: '13000', METRICS_RETENTION: '1d' });
  }, 300_000);

  test('reads the five services', () => {
    expect(Object.keys(services).sort()).toEqual(['alloy', 'grafana', 'loki', 'prometheus', 'tempo']);
  });

  test('opens ports to this machine only', () => {
    const ports = Object.values(services).flatMap((each) => each.ports ?? []);
    expect(ports.length).toBeGreaterThan(0);
    expect(new Set(ports.map(({ host_ip }) => host_ip))).toEqual(new Set(['127.0.0.1']));
  });

  test('takes variables', () => {
    expect(services['grafana']?.ports).toMatchObject([{ published: '13000', target: 3000 }]);
    expect(services['prometheus']?.command).toContain('--storage.tsdb.retention.time=1d');
  });

  test('pins every image', () => {
    for (const { image } of Object.values(services))
      expect(image).toMatch(/^[a-z]+\/[a-z]+:v?\d+\.\d+\.\d+$/);
  });

  test('mounts what is there, and does not write to it', () => {
    const binds = Object.values(services).flatMap((each) =>
      (each.volumes ?? []).filter(({ type }) => type === 'bind'),
    );
    expect(binds.filter((bind) => !bind.read_only)).toEqual([]);
    expect(binds.map(({ source }) => source).filter((path) => !existsSync(path))).toEqual([]);
  });

  test('gives Alloy variables that its configuration reads', async () => {
    const config = await readFile(join(templates, 'alloy/single-user.alloy'), 'utf8');
    for (const name of Object.keys(services['alloy']?.environment ?? {})) {
      expect(config).toContain(`sys.env("${name}")`);
    }
  });

  test('would refuse a service it does not understand', async () => {
    const folder = await programFolder('compose');
    onTestFinished(() => rm(folder, { recursive: true }));
    const faulty = join(folder, 'compose.yaml');
    await writeFile(faulty, 'services: {x: {image: a/b, prots: [80]}}\n');
    expect(() => servicesOf({}, faulty)).toThrow('prots');
  });

  const prometheus = inject('prometheus');
  test.skipIf(prometheus === null)('starts Prometheus with what Prometheus takes', async () => {
    const folder = await programFolder('prometheus');
    const [port = 0] = await freePorts(1);
    const words = (services['prometheus']?.command ?? []).map((word) =>
      word
        .replace('/etc/prometheus/prometheus.yaml', join(templates, 'compose/prometheus.yaml'))
        .replace(/=\/prometheus$/, `=${folder}/data`),
    );
    const program = await startProgram({
      name: 'Prometheus',
      command: [prometheus ?? '', ...words, `--web.listen-address=127.0.0.1:${port}`],
      folder,
      isReady: () => answers(`http://127.0.0.1:${port}/-/ready`),
    });
    onTestFinished(() => program.remove());
    const write = await fetch(`http://127.0.0.1:${port}/api/v1/write`, { method: 'POST' });
    // It listens there: without the flag it would be 404.
    expect(write.status).not.toBe(404);
  });

  const loki = inject('loki');
  test.skipIf(loki === null)('starts Loki with what Loki takes', async () => {
    const folder = await programFolder('loki');
    const [http = 0, grpc = 0] = await freePorts(2);
    const config = join(folder, 'loki.yaml');
    const shipped = await readFile(join(templates, 'compose/loki.yaml'), 'utf8');
    await writeFile(config, shipped.replaceAll(' /loki', ` ${folder}/loki`));
    const words = (services['loki']?.command ?? []).map((word) =>
      word.replace('/etc/loki/loki.yaml', config),
    );
    const address = ['-server.http-listen-address=127.0.0.1', '-server.grpc-listen-address=127.0.0.1'];
    const ports = [`-server.http-listen-port=${http}`, `-server.grpc-listen-port=${grpc}`];
    const program = await startProgram({
      name: 'Loki',
      command: [loki ?? '', ...words, ...address, ...ports, '-ingester.min-ready-duration=0s'],
      env: services['loki']?.environment ?? {},
      folder,
      isReady: () => answers(`http://127.0.0.1:${http}/ready`),
    });
    onTestFinished(() => program.remove(), 30_000);
    const effective = await (await fetch(`http://127.0.0.1:${http}/config`)).text();
    expect(effective).toMatch(/retention_period: (744h|4w3d|31d)/);
  });
});

/** @throws {Error} with what the library said */
function servicesOf(env: Readonly<Record<string, string>>, path = file): Record<string, Service> {
  const text = execFileSync('go', ['run', '.', path], {
    cwd: reader,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    // Go's own variables too.
    env: { ...process.env, ...env },
  });
  return JSON.parse(text).services;
}
