import { execFile } from 'node:child_process';

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
  const root = await git(cwd, ['rev-parse', '--show-toplevel']);
  if (root === null) return null;
  const [remote, branch, commit] = await Promise.all([
    git(cwd, ['config', '--get', 'remote.origin.url']),
    git(cwd, ['symbolic-ref', '--short', '--quiet', 'HEAD']),
    git(cwd, ['rev-parse', '--verify', '--quiet', 'HEAD']),
  ]);
  return {
    repository: remote === null ? (root.split('/').at(-1) ?? null) : repositoryOf(remote),
    branch,
    commit,
  };
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
