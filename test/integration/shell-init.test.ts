/** What `ai-trace shell-init` prints, in real shells: what it defines, how that behaves, and what TAB shows. */
import { describe, expect, test } from 'vitest';
import { ensurePrograms } from '../../scripts/debian.mjs';
import { complete, say, sayAndSee, shellRoom, shellWays } from '../support/shells.ts';

const unavailable = await ensurePrograms({
  bash: 'bash',
  zsh: 'zsh',
  fish: 'fish',
  shellcheck: 'shellcheck',
});

describe.skipIf(unavailable !== null)('shell-init', () => {
  describe.each([
    { shell: 'bash', checker: ['shellcheck', '-s', 'bash'] },
    { shell: 'zsh', checker: ['zsh', '-n'] },
    { shell: 'fish', checker: ['fish', '-n'] },
  ] as const)('for $shell', ({ shell, checker }) => {
    const { init, remove, ownFunction, status } = shellWays[shell];

    test.each([[], ['--remove']])('prints a script without a fault: %j', async (...words) => {
      const room = await shellRoom();
      const { stdout } = await room.script('bash', [`ai-trace shell-init ${shell} ${words.join(' ')}`]);
      expect(stdout.toString()).toContain('ai-trace');
      const checked = await room.check(checker, stdout.toString());
      expect(checked).toMatchObject({ code: 0, stderr: '' });
      expect(checked.stdout.toString()).toBe('');
    });

    test('traces by the plain name, and hands on words and exit code', async () => {
      const room = await shellRoom();
      const { stdout, stderr } = await room.script(shell, [
        init,
        `codex a "b  c" '' </dev/null; echo "status ${status}"`,
        `command codex a </dev/null; echo "status ${status}"`,
      ]);
      expect(stdout.toString()).toBe('traced\n<a><b  c><>\nstatus 7\nplain\n<a>\nstatus 7\n');
      expect(stderr).toBe('');
    });

    test('leaves what is not installed alone', async () => {
      const room = await shellRoom();
      const { stdout } = await room.script(shell, [init, 'type gemini 2>/dev/null; echo none']);
      expect(stdout.toString()).toMatch(/^(gemini not found\n)?none\n$/);
    });

    test('may be evaluated twice and is gone with one line', async () => {
      const room = await shellRoom();
      const { stdout, stderr } = await room.script(shell, [
        init,
        init,
        'codex </dev/null',
        remove,
        'codex </dev/null',
        remove,
        'echo end',
      ]);
      expect(stdout.toString()).toBe('traced\n\nplain\n\nend\n');
      expect(stderr).toBe('');
    });

    test('never replaces a function of the user’s', async () => {
      const room = await shellRoom();
      const { stdout, stderr } = await room.script(shell, [ownFunction, init, 'codex', remove, 'codex']);
      expect(stdout.toString()).toBe('mine\nmine\n');
      expect(stderr).toBe('');
    });

    test('stops with Ctrl-Z, comes back with fg, twice, and keeps the exit code', async () => {
      const room = await shellRoom();
      const terminal = await room.prompt(shell, { STEERED: '1' });
      await say(terminal, init);
      await sayAndSee(terminal, 'codex one', /^ready$/m);
      for (const round of [1, 2]) {
        terminal.type('z\r');
        await terminal.waitFor(/ready>$/);
        await say(terminal, `echo round ${round}; jobs`);
        expect(terminal.screen()).toMatch(/ai-trace codex/);
        await say(terminal, 'clear');
        await sayAndSee(terminal, 'fg', 'resumed');
      }
      terminal.type('q\r');
      await terminal.waitFor(/ready>$/);
      await say(terminal, `echo "status=${status}."`);
      // `fg` of fish returns 0, whatever the job did.
      expect(terminal.screen()).toContain(shell === 'fish' ? 'status=0.' : 'status=7.');
      await say(terminal, 'clear');
      await say(terminal, 'jobs');
      expect(terminal.screen()).not.toContain('codex');
    });

    test('runs the plain CLI when ai-trace has gone from PATH, and traces again when it is back', async () => {
      const room = await shellRoom();
      const terminal = await room.prompt(shell);
      await say(terminal, init);
      const set = shell === 'fish' ? 'set PATH ' : 'PATH=';
      await say(terminal, `${set}$CLI_PATH`);
      await say(terminal, 'codex one');
      expect(terminal.screen()).toContain('plain\n<one>');
      await say(terminal, `${set}$FULL_PATH`);
      await say(terminal, 'codex two');
      expect(terminal.screen()).toContain('traced\n<two>');
    });

    test('completes commands, options and values', async () => {
      const room = await shellRoom();
      const terminal = await room.prompt(shell);
      if (shell === 'zsh') await say(terminal, 'autoload -Uz compinit; compinit -u -D');
      await say(terminal, init);
      const tab = (line: string, ...seen: (string | RegExp)[]) => complete(terminal, shell, line, seen);
      await tab('ai-trace ', 'codex', 'gemini', 'claude', 'flush', 'prices', 'shell-init', 'help');
      await tab('ai-trace --sum', /--summary(?!-)/, '--summary-file');
      await tab('ai-trace --summary ', 'always', 'auto', 'never');
      await tab('ai-trace --tag a=b --traces=un', '--tag a=b --traces=unified');
      await tab('ai-trace --forward http://a:1/b shell-init ', 'bash', 'fish', 'zsh');
      await tab('ai-trace prices --', '--json', '--update');
      await say(terminal, 'touch some-file');
      await tab('ai-trace --summary-file some', '--summary-file some-file');
      // bash shows no descriptions.
      if (shell !== 'bash') await tab('ai-trace prices --', 'print JSON');
    });

    test('completes the CLI’s words as the CLI’s own completion does', async () => {
      const room = await shellRoom();
      const terminal = await room.prompt(shell);
      const own = {
        bash: '_own() { COMPREPLY=("own-$COMP_CWORD-$COMP_WORDS-$1-$3-$COMP_POINT-$COMP_LINE"); }; complete -F _own codex',
        zsh: '_own() { compadd own-$((CURRENT-1))-$words[1]-$words[1]-$words[CURRENT-1]-x }; compdef _own codex',
        fish: 'function own; set w (commandline -opc); echo own-(count $w)-$w[1]-$w[1]-$w[-1]-x; end; complete -c codex -f -a "(own)"',
      }[shell];
      if (shell === 'zsh') await say(terminal, 'autoload -Uz compinit; compinit -u -D');
      await say(terminal, init);
      await say(terminal, own);
      const seen = [/own-2-codex-codex-exec-(x|11-codex exec)/];
      await complete(terminal, shell, 'ai-trace codex exec ', seen);
      await complete(terminal, shell, 'ai-trace -q --tag a=b codex exec ', seen);
      await complete(terminal, shell, 'codex exec ', seen);
    });
  });

  describe('in bash', () => {
    test('an alias of the user’s leads into the function', async () => {
      const room = await shellRoom();
      const { stdout } = await room.script('bash', [
        'shopt -s expand_aliases',
        "alias codex='codex --fast'",
        shellWays.bash.init,
        'codex a </dev/null',
        shellWays.bash.remove,
        'codex a </dev/null',
      ]);
      expect(stdout.toString()).toBe('traced\n<--fast><a>\nplain\n<--fast><a>\n');
    });

    test.each([
      'set -eu',
      'set -o posix',
      'set -f; IFS=:',
      'set -o nounset; shopt -s failglob extglob nocasematch',
    ])('nothing of it fails under %s', async (mode) => {
      const room = await shellRoom();
      const { init, remove } = shellWays.bash;
      const lines = [mode, init, init, 'codex a </dev/null || echo "status $?"', 'codex </dev/null || :'];
      const { stdout, stderr } = await room.script('bash', [...lines, remove, remove, 'echo end']);
      expect(stdout.toString()).toBe('traced\n<a>\nstatus 7\ntraced\n\nend\n');
      expect(stderr).toBe('');
    });

    test('completes under set -u too, and by what a loader brings', async () => {
      const room = await shellRoom();
      const terminal = await room.prompt('bash');
      await say(terminal, shellWays.bash.init);
      await say(terminal, '_own() { COMPREPLY=(loaded); }; _load() { complete -F _own "$1"; return 124; }');
      await say(terminal, 'complete -D -F _load; set -u');
      await complete(terminal, 'bash', 'ai-trace codex ', [/ai-trace codex loaded/]);
      await complete(terminal, 'bash', 'ai-trace --content=red', [/--content=redacted/]);
      await complete(terminal, 'bash', 'ai-trace flu', [/ai-trace flush/]);
    });
  });

  describe('in zsh', () => {
    test('an alias of the user’s stays', async () => {
      const room = await shellRoom();
      const { init, remove } = shellWays.zsh;
      const own = "alias codex='codex --fast'";
      const { stdout } = await room.script('zsh', [own, init, 'codex a </dev/null', remove, 'alias codex']);
      expect(stdout.toString()).toBe("plain\n<--fast><a>\ncodex='codex --fast'\n");
    });

    test.each([
      'setopt err_exit no_unset',
      'emulate ksh',
      'emulate sh; set -eu',
      'setopt ksh_arrays sh_word_split glob_subst extended_glob null_glob warn_create_global',
    ])('nothing of it fails under %s', async (mode) => {
      const room = await shellRoom();
      const { init, remove } = shellWays.zsh;
      const lines = [mode, init, init, 'codex a </dev/null || echo "status $?"', 'codex </dev/null || :'];
      const { stdout, stderr } = await room.script('zsh', [...lines, remove, remove, 'echo end']);
      expect(stdout.toString()).toBe('traced\n<a>\nstatus 7\ntraced\n\nend\n');
      expect(stderr).toBe('');
    });

    test('completes as well when compinit comes later, and is silent when it never comes', async () => {
      const room = await shellRoom();
      const terminal = await room.prompt('zsh');
      await say(terminal, `setopt no_unset; ${shellWays.zsh.init}`);
      await say(terminal, 'false');
      await say(terminal, 'print "status=$? $precmd_functions"');
      expect(terminal.screen()).toContain('status=1 __ai_trace_precmd\n');
      expect(terminal.screen()).not.toMatch(/compdef|not found|not set/);
      await say(terminal, 'unsetopt no_unset; autoload -Uz compinit; compinit -u -D');
      await complete(terminal, 'zsh', 'ai-trace flu', [/ai-trace flush/]);
    });

    test('does not bring an alias back that the user has removed', async () => {
      const room = await shellRoom();
      const terminal = await room.prompt('zsh');
      await say(terminal, shellWays.zsh.init);
      await say(terminal, 'unalias codex');
      await say(terminal, 'codex one');
      expect(terminal.screen()).toContain('plain\n<one>');
    });
  });
});
