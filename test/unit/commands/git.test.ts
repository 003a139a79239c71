import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { gitFacts, repositoryOf } from '../../../src/commands/git.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'ai-trace-git-')));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Nothing of the developer's own configuration. */
function git(...args: string[]): string {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@example.org',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@example.org',
  };
  return execaSync('git', args, { cwd: repository(), env, extendEnv: false }).stdout;
}

function repository(): string {
  return join(folder, 'project');
}

function init(): void {
  mkdirSync(repository());
  git('init', '--quiet', '--initial-branch', 'trunk');
}

function commit(): string {
  writeFileSync(join(repository(), 'file'), 'x');
  git('add', 'file');
  git('commit', '--quiet', '--message', 'first');
  return git('rev-parse', 'HEAD');
}

describe('the repository of a session', () => {
  test('has the name of its remote, its branch and its commit', async () => {
    init();
    const hash = commit();
    git('remote', 'add', 'origin', 'https://me:s3cret@git.example.org:8443/team/project.git');
    expect(await gitFacts(repository())).toEqual({
      repository: 'git.example.org/team/project',
      branch: 'trunk',
      commit: hash,
    });
  });

  test('is found from a folder inside it', async () => {
    init();
    commit();
    mkdirSync(join(repository(), 'a', 'b'), { recursive: true });
    expect(await gitFacts(join(repository(), 'a', 'b'))).toMatchObject({ repository: 'project' });
  });

  test('is found in a working tree beside it', async () => {
    init();
    const hash = commit();
    git('worktree', 'add', '--quiet', '-b', 'other', join(folder, 'beside'));
    const facts = { repository: 'beside', branch: 'other', commit: hash };
    expect(await gitFacts(join(folder, 'beside'))).toEqual(facts);
  });

  test.skipIf(process.platform === 'win32')('is found whatever its folder is called', async () => {
    init();
    const hash = commit();
    const path = join(folder, 'two\nlines');
    git('worktree', 'add', '--quiet', '-b', 'other', path);
    expect(await gitFacts(path)).toEqual({ repository: 'two\nlines', branch: 'other', commit: hash });
  });

  test('is the one that the environment names', async () => {
    init();
    const hash = commit();
    mkdirSync(join(folder, 'elsewhere'));
    vi.stubEnv('GIT_DIR', join(repository(), '.git'));
    const facts = { repository: 'elsewhere', branch: 'trunk', commit: hash };
    expect(await gitFacts(join(folder, 'elsewhere'))).toEqual(facts);
  });

  test('has a branch with slashes, whatever else has its name', async () => {
    init();
    const hash = commit();
    git('checkout', '--quiet', '-b', 'topic/one');
    git('tag', 'topic/one');
    expect(await gitFacts(repository())).toMatchObject({ branch: 'topic/one', commit: hash });
  });

  test('has the name of its folder without a remote', async () => {
    init();
    commit();
    expect(await gitFacts(repository())).toMatchObject({ repository: 'project', branch: 'trunk' });
  });

  test('has no branch when detached', async () => {
    init();
    const hash = commit();
    git('checkout', '--quiet', '--detach');
    expect(await gitFacts(repository())).toEqual({ repository: 'project', branch: null, commit: hash });
  });

  test('has no commit before the first', async () => {
    init();
    expect(await gitFacts(repository())).toEqual({ repository: 'project', branch: 'trunk', commit: null });
  });

  test('is none outside of one', async () => {
    expect(await gitFacts(folder)).toBeNull();
  });

  test('is none in a folder that is gone', async () => {
    expect(await gitFacts(join(folder, 'gone'))).toBeNull();
  });
});

describe('a remote’s address', () => {
  test.each([
    'https://git.example.org/owner/name.git',
    'https://git.example.org/owner/name',
    'https://git.example.org/owner/name/',
    'https://token@git.example.org/owner/name.git',
    'https://user:token@git.example.org/owner/name.git',
    'https://user:to:ken@git.example.org/owner/name.git',
    'https://user:p@ss@git.example.org/owner/name.git',
    'https://git.example.org:8443/owner/name.git',
    'http://user:token@git.example.org:8080/owner/name',
    'ssh://git@git.example.org/owner/name.git',
    'ssh://git@git.example.org:2222/owner/name.git',
    'git@git.example.org:owner/name.git',
    'git@git.example.org:owner/name',
    'git.example.org:owner/name.git',
    'git://git.example.org/owner/name.git\n',
    'HTTPS://user:token@git.example.org/owner/name.git',
  ])('%j is host, owner and name', (remote) => {
    expect(repositoryOf(remote)).toBe('git.example.org/owner/name');
  });

  test('with groups keeps them all', () => {
    expect(repositoryOf('git@git.example.org:group/sub/name.git')).toBe('git.example.org/group/sub/name');
  });

  test('on this machine is its path', () => {
    expect(repositoryOf('/srv/git/name.git')).toBe('/srv/git/name');
    expect(repositoryOf('file:///srv/git/name.git')).toBe('/srv/git/name');
  });
});
