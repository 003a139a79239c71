import { namesWithValue, type OfferedOption, type Vocabulary } from './vocabulary.ts';

/**
 * What `eval "$(ai-trace shell-init bash)"` evaluates. Nothing in it is younger than bash 3.2, the one of macOS, but
 * for `compopt` and the loader of bash-completion, which are asked for first.
 *
 * Functions, not aliases: bash stops and resumes what they run as if it had been typed, they go on working when
 * ai-trace vanishes from PATH, and an alias `codex='codex --some-option'` of the user's leads into them.
 */
export function bashInit(vocabulary: Vocabulary): string {
  return [header(vocabulary), ...vocabulary.installed.map(cliFunction), completion(vocabulary)].join('\n');
}

/** Takes out of a running shell what the other one has brought. */
export function bashRemove({ clis }: Vocabulary): string {
  return `for __ai_trace_cli in ${clis.map(({ word }) => word).join(' ')}; do
  if [[ $(declare -f "$__ai_trace_cli") == *"ai-trace $__ai_trace_cli "* ]]; then
    unset -f "$__ai_trace_cli"
  fi
done
complete -r ai-trace 2>/dev/null || :
unset -f __ai_trace_complete __ai_trace_pass
unset -v __ai_trace_cli
`;
}

function header({ version }: Vocabulary): string {
  return `# ai-trace ${version} for bash. In ~/.bashrc:
#   command -v ai-trace >/dev/null && eval "$(ai-trace shell-init bash)"
# Each CLI that is installed becomes a function that traces it; \`command codex\` runs it untraced. A function of
# your own with that name is left alone: write \`ai-trace codex\` into it. An alias of yours works as before.
# Out of this shell again: eval "$(ai-trace shell-init bash --remove)"
`;
}

function cliFunction(word: string): string {
  return `if ! declare -F ${word} >/dev/null; then
  function ${word} {
    if [[ -x $(type -P ai-trace) ]]; then
      ai-trace ${word} "$@"
    else
      command ${word} "$@"
    fi
  }
fi
`;
}

function completion({ options, clis, commands }: Vocabulary): string {
  const cliWords = clis.map(({ word }) => word);
  const all = [...options, ...commands.flatMap((command) => command.options)];
  return `__ai_trace_complete() {
  local IFS=$' \\t\\n' rest=$COMP_LINE blanks i last=-1 at=0 words starts tails
  words=() starts=() tails=()
  # readline splits at = and : too: the words as the shell takes them, where they begin, and the line from there on
  for ((i = 0; i < \${#COMP_WORDS[@]}; i++)); do
    blanks=\${rest%%[![:blank:]]*}
    if [[ -n $blanks || $i -eq 0 ]]; then
      rest=\${rest#"$blanks"}
      last=$((last + 1))
      words[last]='' starts[last]=$i tails[last]=$rest
    fi
    words[last]+=\${COMP_WORDS[i]}
    rest=\${rest#"\${COMP_WORDS[i]}"}
    if ((i == COMP_CWORD)); then at=$last; fi
  done

  # the command, if it stands before the cursor
  local command=''
  i=1
  while ((i < at)); do
    case \${words[i]} in
      ${namesWithValue(options).join(' | ')}) i=$((i + 2)) ;;
      -*) i=$((i + 1)) ;;
      *)
        command=\${words[i]}
        break
        ;;
    esac
  done
  case $command in
    ${cliWords.join(' | ')})
      __ai_trace_pass "\${starts[i]}" "\${tails[i]}"
      return
      ;;
  esac

  local word=\${words[at]} option=\${words[at - 1]} prefix='' offered=''
  if [[ $word == --*=* ]]; then
    option=\${word%%=*}
    prefix=$option=
  fi
  case $option in
${offersOf(all)}
    *)
      case $command:$word in
${commandCases(options, [...cliWords, ...commands.map(({ word }) => word)], commands)}
      esac
      ;;
  esac
  if type compopt >/dev/null 2>&1; then compopt +o bashdefault +o default; fi

  # readline replaces the last of its own words only
  local kept=\${COMP_WORDS[COMP_CWORD]} each
  kept=\${word%"\${kept#[=:]}"}
  COMPREPLY=()
  for each in $offered; do
    if [[ $prefix$each == "$word"* ]]; then
      each=$prefix$each
      COMPREPLY+=("\${each#"$kept"}")
    fi
  done
}

# Completes as if the line, $2, began with word $1: by what is registered for that CLI
__ai_trace_pass() {
  COMP_POINT=$((COMP_POINT - \${#COMP_LINE} + \${#2}))
  COMP_LINE=$2
  COMP_WORDS=("\${COMP_WORDS[@]:$1}")
  COMP_CWORD=$((COMP_CWORD - $1))
  local cli=\${COMP_WORDS[0]} spec loader
  local function='-F ([^ ]+)' option='-o ([a-z]+)(.*)'
  spec=$(complete -p "$cli" 2>/dev/null) || {
    # bash-completion loads what it has when it is asked for
    loader=$(complete -p -D 2>/dev/null) || :
    if [[ $loader =~ $function ]]; then "\${BASH_REMATCH[1]}" "$cli" || :; fi
    spec=$(complete -p "$cli" 2>/dev/null) || :
  }
  if [[ $spec =~ $function ]]; then
    "\${BASH_REMATCH[1]}" "$cli" "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD - 1]}" || :
  fi
  while [[ $spec =~ $option ]]; do
    spec=\${BASH_REMATCH[2]}
    compopt -o "\${BASH_REMATCH[1]}" 2>/dev/null || :
  done
}

complete -o bashdefault -o default -F __ai_trace_complete ai-trace
`;
}

/** For the value of each option: words, files, folders, or nothing that could be known. */
function offersOf(options: readonly OfferedOption[]): string {
  const groups = new Map<string, Set<string>>();
  for (const { names, value, offers } of options) {
    if (value === null) continue;
    const action = actionFor(offers);
    groups.set(action, new Set([...(groups.get(action) ?? []), ...names]));
  }
  return [...groups].map(([action, names]) => `    ${[...names].join(' | ')}) ${action} ;;`).join('\n');
}

function actionFor(offers: OfferedOption['offers']): string {
  if (offers === 'file') return 'return';
  if (offers !== 'folder') return offers.length > 0 ? `offered='${offers.join(' ')}'` : ':';
  return 'compopt -o dirnames +o bashdefault +o default 2>/dev/null; return';
}

function commandCases(
  options: readonly OfferedOption[],
  words: readonly string[],
  commands: Vocabulary['commands'],
): string {
  const cases = [
    { word: '', options, words },
    ...commands.map((command) => ({ ...command, words: command.words })),
  ];
  return cases
    .flatMap(({ word, options, words }) => [
      `        ${word}:-*) offered='${options.flatMap(({ names }) => names).join(' ')}' ;;`,
      `        ${word}:*) offered='${words.join(' ')}' ;;`,
    ])
    .join('\n');
}
