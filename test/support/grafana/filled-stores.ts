import { execFile } from 'node:child_process';
import { userInfo } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { CliName } from '../../../scripts/clis.mjs';
import type { Receipt } from '../../../src/report/receipt.ts';
import { sendNative } from '../backends/native.ts';
import type { Program } from '../backends/program.ts';
import { runSession } from '../backends/run-session.ts';
import { type StorePrograms, type StoreUrls, startStores } from '../backends/stores.ts';

const aiTrace = fileURLToPath(new URL('../../../bin/ai-trace.js', import.meta.url));

/** Three sessions of a CLI. */
export interface Sessions {
  /** With ai-trace: it gets its answers. */
  answered: Receipt;
  /** With ai-trace: it fails. */
  refused: Receipt;
  /** Id of one that the CLI told of by itself, with a tool. */
  native: string;
}

export interface FilledStores {
  urls: StoreUrls;
  sessions: Record<CliName, Sessions>;
}

const captures = fileURLToPath(new URL('../../fixtures/captures/', import.meta.url));
const native: Record<CliName, { dir: string; sessionId: string }> = {
  codex: { dir: `${captures}codex/exec-tool`, sessionId: '01a1fbb9-04d4-75b0-aec2-e957a30c8b66' },
  gemini: {
    dir: `${captures}gemini/headless-shell-tool`,
    sessionId: '9157f6db-b729-4fd7-8a09-7d3f08093f95',
  },
  claude: { dir: `${captures}claude/print-bash-tool`, sessionId: '75cad826-d09b-41ec-b43d-ce66b39a5c9b' },
};

/** Where all sessions run. */
export const project = { repository: 'git.example/team/project', branch: 'topic', user: userInfo().username };

/**
 * Starts the stores and an Alloy with its shipped configuration, and sends them sessions of each CLI; those with ai-trace tell where
 * they ran and for whom. They may arrive some time later.
 * @param started gets what is to be removed in the end, also after a failure
 */
export async function fillStores(programs: StorePrograms, started: Program[]): Promise<FilledStores> {
  const { alloyUrl, urls } = await startStores(programs, started);
  return {
    urls,
    sessions: {
      codex: await runSessions('codex', alloyUrl),
      gemini: await runSessions('gemini', alloyUrl),
      claude: await runSessions('claude', alloyUrl),
    },
  };
}

async function runSessions(name: CliName, url: string): Promise<Sessions> {
  const own = ['--forward', url, '--attribution', 'repository,host,user'];
  const options = { aiTrace, own, prepare: makeRepository };
  const { dir, sessionId } = native[name];
  await sendNative(url, dir);
  return {
    answered: await runSession(name, options),
    refused: await runSession(name, { ...options, isRefused: true }),
    native: sessionId,
  };
}

async function makeRepository(cwd: string): Promise<void> {
  const git = (...words: string[]) => promisify(execFile)('git', words, { cwd });
  await git('init', '--quiet', `--initial-branch=${project.branch}`);
  await git('remote', 'add', 'origin', `https://${project.repository}.git`);
}
