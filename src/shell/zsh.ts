import { quotePosix } from './quote.ts';
import type { OfferedCommand, OfferedOption, Vocabulary } from './vocabulary.ts';

/**
 * What `eval "$(ai-trace shell-init zsh)"` evaluates.
 *
 * Aliases, not functions: when what a function runs is stopped, zsh goes on with a copy of itself, and then `jobs`
 * shows no name, and after the second `fg` the exit status is lost (zsh 5.9). That the CLI still runs when ai-trace
 * has vanished from PATH is looked after before each prompt.
 */
export function zshInit(vocabulary: Vocabulary): string {
  const { installed } = vocabulary;
  return [
    header(vocabulary),
    ...installed.map(cliAlias),
    '',
    completion(vocabulary),
    prompt(vocabulary),
  ].join('\n');
}

/** Takes out of a running shell what the other one has brought. */
export function zshRemove({ clis }: Vocabulary): string {
  return `for __ai_trace_cli in ${clis.map(({ word }) => word).join(' ')}; do
  if [[ \${aliases[$__ai_trace_cli]-} == "ai-trace $__ai_trace_cli" ]]; then
    unalias $__ai_trace_cli
  fi
done
if (( \${+functions[compdef]} )); then compdef -d ai-trace; fi
if (( \${+precmd_functions} )); then precmd_functions=("\${(@)precmd_functions:#__ai_trace_precmd}"); fi
if (( \${+functions[__ai_trace_precmd]} )); then unfunction __ai_trace_precmd _ai-trace; fi
unset __ai_trace_cli __ai_trace_away
`;
}

function header({ version }: Vocabulary): string {
  return `# ai-trace ${version} for zsh. In ~/.zshrc:
#   command -v ai-trace >/dev/null && eval "$(ai-trace shell-init zsh)"
# Each CLI that is installed becomes an alias that traces it; \`command codex\` and \`\\codex\` run it untraced. An alias
# or a function of your own with that name is left alone: write \`ai-trace codex\` into it.
# Out of this shell again: eval "$(ai-trace shell-init zsh --remove)"
`;
}

function cliAlias(word: string): string {
  return `(( \${+aliases[${word}]} || \${+functions[${word}]} )) || alias ${word}='ai-trace ${word}'`;
}

function completion({ options, clis, commands }: Vocabulary): string {
  const described = [
    ...clis.map(({ word, title }) => ({ word, help: `${title}, traced` })),
    ...commands.map(({ word, help }) => ({ word, help })),
  ];
  const words = described.map(({ word, help }) => quotePosix(`${word}:${help}`));
  return `function _ai-trace {
  local curcontext=$curcontext state line ret=1
  local -a known
  typeset -A opt_args
  _arguments -C -s -S \\
${options.map((option) => `    ${specOf(option)} \\`).join('\n')}
    '(-)1: :->command' \\
    '(-)*:: :->words' && ret=0
  case $state in
    command)
      known=(
${words.map((word) => `        ${word}`).join('\n')}
      )
      _describe -t commands command known && ret=0
      ;;
    words)
      case $words[1] in
${commands.map(commandCase).join('\n')}
        *) _normal && ret=0 ;;
      esac
      ;;
  esac
  return ret
}
`;
}

function commandCase({ word, options, words }: OfferedCommand): string {
  const specs = options.map(specOf);
  if (words.length > 0) specs.push(`'1: :(${words.join(' ')})'`);
  return `        ${word}) _arguments -s -S ${specs.join(' ')} && ret=0 ;;`;
}

/** `'*--tag=[add this resource attribute]:k=v:'`, for _arguments. */
function specOf({ names, value, offers, isRepeatable, help }: OfferedOption): string {
  const described = `[${escaped(help)}]`;
  const argument = value === null ? '' : `:${escaped(value)}:${actionFor(offers)}`;
  const others = isRepeatable ? '*' : names.length > 1 ? `(${names.join(' ')})` : '';
  const [name = '', ...more] = names.map((each) => (value === null ? each : `${each}=`));
  if (more.length === 0) return quotePosix(`${others}${name}${described}${argument}`);
  return `${quotePosix(others)}{${[name, ...more].join(',')}}${quotePosix(`${described}${argument}`)}`;
}

function actionFor(offers: OfferedOption['offers']): string {
  if (offers === 'file') return '_files';
  if (offers === 'folder') return '_files -/';
  return offers.length > 0 ? `(${offers.join(' ')})` : ' ';
}

function escaped(text: string): string {
  return text.replace(/[[\]:\\]/g, '\\$&');
}

function prompt({ clis }: Vocabulary): string {
  return `typeset -ga __ai_trace_away
function __ai_trace_precmd {
  emulate -L zsh
  # compinit may come later than this script, and forgets what was before it
  if (( \${+functions[compdef]} && ! \${+_comps[ai-trace]} )); then compdef _ai-trace ai-trace; fi
  local cli
  if [[ -x \${commands[ai-trace]-} ]]; then
    for cli in $__ai_trace_away; do
      (( \${+aliases[$cli]} )) || alias $cli="ai-trace $cli"
    done
    __ai_trace_away=()
    return
  fi
  # not on PATH any more: until it is again, the CLIs run without it
  for cli in ${clis.map(({ word }) => word).join(' ')}; do
    if [[ \${aliases[$cli]-} == "ai-trace $cli" ]]; then
      unalias $cli
      __ai_trace_away+=($cli)
    fi
  done
}
if [[ " \${precmd_functions[*]-} " != *' __ai_trace_precmd '* ]]; then precmd_functions+=(__ai_trace_precmd); fi
`;
}
