import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The repository a session ran in; each is null where git does not tell it (no remote, detached, no commit
 * yet).
 */
export interface GitFacts {
  /** `host/owner/name` of the remote, or the folder's name without one. */
  repository: string | null;
  branch: string | null;
  /** Full hash. */
  commit: string | null;
}

/** null outside a repository, without git, and when git takes its time. */
export async function gitFacts(cwd: string): Promise<GitFacts | null> {
  if (!mayBeRepository(cwd)) return null;
  const [head, remote] = await Promise.all([headOf(cwd), git(cwd, ['config', '--get', 'remote.origin.url'])]);
  if (head === null) return null;
  const { root, branch, commit } = head;
  return {
    repository: remote === null ? (root.split('/').at(-1) ?? null) : repositoryOf(remote),
    branch,
    commit,
  };
}

/** Starting git takes 7 ms of our processor time, beside the CLI that boots: it is not asked where it would find nothing. */
function mayBeRepository(cwd: string): boolean {
  if (process.env['GIT_DIR'] || existsSync(join(cwd, '.git'))) return true;
  const parent = dirname(cwd);
  return parent !== cwd && mayBeRepository(parent);
}

/** By one question, unless there is no commit yet. `root` is the working tree's folder. */
async function headOf(cwd: string): Promise<(Omit<GitFacts, 'repository'> & { root: string }) | null> {
  const told = await git(cwd, ['rev-parse', '--show-toplevel', 'HEAD', '--symbolic-full-name', 'HEAD']);
  if (told !== null) {
    // The folder's name comes first, and may hold line breaks.
    const [ref = '', commit = null, ...root] = told.split('\n').reverse();
    return { root: root.reverse().join('\n'), branch: /^refs\/heads\/(.+)$/.exec(ref)?.[1] ?? null, commit };
  }
  const root = await git(cwd, ['rev-parse', '--show-toplevel']);
  const branch = root && (await git(cwd, ['symbolic-ref', '--short', '--quiet', 'HEAD']));
  return root === null ? null : { root, branch, commit: null };
}

/**
 * A remote's address without scheme, user, password and `.git`: `https://user:token@host/owner/name.git` and
 * `git@host:owner/name` are the same repository, and a token in it is nobody's business.
 */
export function repositoryOf(remote: string): string {
  return remote
    .trim()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
    .replace(/^[^/]*@/, '')
    .replace(/^([^/:]+):(?:\d+\/)?/, '$1/')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '');
}

/** null when it fails or says nothing. Not by execa, which takes 20 ms and 8 MB to load while the CLI boots. */
function git(cwd: string, args: readonly string[]): Promise<string | null> {
  // A status-like command must not take locks in a repository the CLI is working in.
  const env = { ...process.env, GIT_OPTIONAL_LOCKS: '0' };
  return new Promise((resolve) => {
    // On a slow file system the session does not wait for it.
    execFile('git', args, { cwd, env, timeout: 500, windowsHide: true }, (error, stdout) => {
      resolve(error === null && stdout !== '' ? stdout.trim() : null);
    });
  });
}
