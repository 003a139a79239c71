import { quoteFish } from './quote.ts';
import { namesWithValue, type OfferedOption, type Vocabulary } from './vocabulary.ts';

/**
 * What `ai-trace shell-init fish | source` evaluates, for fish 3.0 and newer. Functions: fish's aliases are nothing
 * else. Each asks whether ai-trace is there, so that the CLI runs without it too.
 */
export function fishInit(vocabulary: Vocabulary): string {
  const { installed } = vocabulary;
  return [header(vocabulary), ...installed.map(cliFunction), completion(vocabulary)].join('\n');
}

/** Takes out of a running shell what the other one has brought. */
export function fishRemove({ clis }: Vocabulary): string {
  return `for cli in ${clis.map(({ word }) => word).join(' ')}
    if functions -q $cli; and functions $cli | string match -q "*ai-trace $cli *"
        functions -e $cli
    end
end
complete -c ai-trace -e
functions -e __ai_trace_words __ai_trace_at __ai_trace_pass
`;
}

function header({ version }: Vocabulary): string {
  return `# ai-trace ${version} for fish. In ~/.config/fish/config.fish:
#   command -q ai-trace; and ai-trace shell-init fish | source
# Each CLI that is installed becomes a function that traces it; \`command codex\` runs it untraced. A function or an
# alias of your own with that name is left alone: write \`ai-trace codex\` into it.
# Out of this shell again: ai-trace shell-init fish --remove | source
`;
}

function cliFunction(word: string): string {
  return `if not functions -q ${word}
    function ${word} --description 'traced by ai-trace'
        if command -q ai-trace
            ai-trace ${word} $argv
        else
            command ${word} $argv
        end
    end
end
`;
}

function completion({ options, clis, commands }: Vocabulary): string {
  const cliWords = clis.map(({ word }) => word).join(' ');
  const lines = [
    'complete -c ai-trace -e',
    'complete -c ai-trace -f',
    ...clis.map(({ word, title }) => `${at()} -a ${word} -d ${quoteFish(`${title}, traced`)}`),
    ...commands.map(({ word, help }) => `${at()} -a ${word} -d ${quoteFish(help)}`),
    ...options.map((option) => `${at()} ${optionOf(option)}`),
    ...commands.flatMap(({ word, options, words }) => [
      ...words.map((each) => `${at(word)} -a ${each}`),
      ...options.map((option) => `${at(word)} ${optionOf(option)}`),
    ]),
    `${at(cliWords)} -a '(__ai_trace_pass)'`,
  ];
  return `# The command and the words behind it, up to the cursor; nothing as long as there is none
function __ai_trace_words
    set -l words (commandline -opc)
    while set -q words[1]; and not string match -qr '(^|/)ai-trace$' -- $words[1]
        set -e words[1]
    end
    set -e words[1]
    while set -q words[1]
        switch $words[1]
            case ${namesWithValue(options).join(' ')}
                set -e words[1..2]
            case '-*'
                set -e words[1]
            case '*'
                printf '%s\\n' $words
                return
        end
    end
end

# Is the command one of these? Without any: is there none yet?
function __ai_trace_at
    set -l words (__ai_trace_words)
    if set -q words[1]
        contains -- $words[1] $argv
    else
        not set -q argv[1]
    end
end

# Completes as if the line began with the CLI
function __ai_trace_pass
    set -l words (string escape -- (__ai_trace_words))
    set -l token (commandline -ct)
    complete -C "$words $token"
end

${lines.join('\n')}
`;
}

/** A completion that counts behind this command; without one, before any. */
function at(words = ''): string {
  return `complete -c ai-trace -n ${words === '' ? '__ai_trace_at' : quoteFish(`__ai_trace_at ${words}`)}`;
}

function optionOf({ names, value, offers, help }: OfferedOption): string {
  const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const argument = value === null ? [] : [actionFor(offers)];
  return [...flags, ...argument, '-d', quoteFish(help)].join(' ');
}

function actionFor(offers: OfferedOption['offers']): string {
  if (offers === 'file') return '-r -F';
  if (offers === 'folder') return "-x -a '(__fish_complete_directories)'";
  return offers.length > 0 ? `-x -a ${quoteFish(offers.join(' '))}` : '-x';
}
