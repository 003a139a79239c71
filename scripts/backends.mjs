/**
 * The real receivers that the tests of `test/backends` send to, each made once, from its published modules or packages, into a
 * cache outside the checkout. Needs Go, and Python for Phoenix.
 *
 *     node scripts/backends.mjs [alloy|collector|loki|phoenix|prometheus …]      prints the path of each executable, one a line
 */
import { realpathSync } from 'node:fs';
import { argv, exit, stderr, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
import { ensureAlloy } from './backends/alloy.mjs';
import { ensureCollector } from './backends/collector.mjs';
import { ensureLoki } from './backends/loki.mjs';
import { ensurePhoenix } from './backends/phoenix.mjs';
import { ensurePrometheus } from './backends/prometheus.mjs';

/** Name → makes it if it is not in the cache yet; gives the absolute path of its executable. */
const backends = {
  collector: ensureCollector,
  prometheus: ensurePrometheus,
  loki: ensureLoki,
  phoenix: ensurePhoenix,
  alloy: ensureAlloy,
};

/**
 * Makes all that are missing. Those in Go one after the other, for each takes all cores; Phoenix beside them, for it is a download.
 * @returns {Promise<Record<string, {executable: string} | {missing: string}>>} by name; `missing` says why it cannot be had
 */
export async function ensureBackends() {
  const phoenix = attempt('phoenix');
  const made = {};
  for (const name of ['collector', 'prometheus', 'loki', 'alloy']) made[name] = await attempt(name);
  return { ...made, phoenix: await phoenix };
}

async function attempt(name) {
  try {
    return { executable: await backends[name]() };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}

async function main(names) {
  const unknown = names.filter((name) => !Object.hasOwn(backends, name));
  if (unknown.length > 0) {
    stderr.write(`unknown: ${unknown.join(' ')}; known: ${Object.keys(backends).join(' ')}\n`);
    exit(2);
  }
  for (const name of names.length > 0 ? names : Object.keys(backends)) {
    stdout.write(`${await backends[name]()}\n`);
  }
}

if (argv[1] && realpathSync(argv[1]) === fileURLToPath(import.meta.url)) await main(argv.slice(2));
