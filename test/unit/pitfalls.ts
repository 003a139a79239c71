/** A file below test/, and the title of a test or a group in it as it stands in the source. */
type Guard = readonly [file: string, title: string];

/** By row of the pitfall tables in facts/launcher.md: the tests that fail when the pitfall is back. */
export const guards: Readonly<Record<string, readonly Guard[]>> = {
  P1: [
    ['integration/pty-suspend.test.ts', '$name: the CLI stops its $kind, and goes on with fg, twice'],
    ['integration/pty-suspend.test.ts', 'as on macOS: the CLI stops its %s, and goes on with fg'],
    ['e2e/job-control.test.ts', 'P1 $name in $where stops at Ctrl-Z, and goes on with fg'],
  ],
  P2: [
    [
      'integration/pty-signals.test.ts',
      'P2 the prompt comes back after the CLI has cleaned up, with its code: %j',
    ],
    [
      'e2e/job-control.test.ts',
      'P2 $name without a screen: Ctrl-C ends it as alone, and the prompt comes after it',
    ],
  ],
  P3: [
    ['integration/pty-signals.test.ts', 'P3 what the keyboard sends reaches the CLI once: %s, %s'],
    ['integration/pty-signals.test.ts', 'P3 kill -INT of ai-trace alone reaches a CLI in the background'],
    ['integration/pty-signals.test.ts', 'P3 kill -%s of ai-trace alone reaches a CLI in the foreground'],
  ],
  P4: [
    ['integration/pty-signals.test.ts', 'P4 the shell sees the death by %s as of the CLI itself'],
    ['e2e/signals.test.ts', '$row $name, $signal'],
  ],
  P5: [
    ['integration/pty-terminal.test.ts', 'P5 a terminal'],
    [
      'e2e/job-control.test.ts',
      'P5 $name is ended by SIGTERM in the middle of its screen, and the terminal is in order',
    ],
  ],
  P6: [
    ['integration/pty-places.test.ts', 'P6 leaves all of stdin to the CLI: %s'],
    ['integration/pty-places.test.ts', 'P6 leaves what the CLI does not read to who comes next'],
  ],
  P7: [
    [
      'e2e/pitfalls.test.ts',
      "P7 stdout is the CLI's, byte for byte, and stderr is empty where nobody looks at it",
    ],
    [
      'e2e/pitfalls.test.ts',
      'P7 with stdout in a pipe the receipt is on the terminal alone, and --quiet leaves nothing',
    ],
  ],
  P8: [['integration/pty-places.test.ts', 'P8 shares process group, session and terminal with the CLI']],
  P9: [
    [
      'unit/launcher/shim.test.ts',
      'of all that npm writes into a shim the script is taken, for Node and no shell: %j',
    ],
    ['unit/launcher/find.test.ts', 'starts the script behind an npm shim with Node, without a shell'],
    ['unit/launcher/find.test.ts', 'does not run other batch files'],
    ['integration/launcher.test.ts', 'reach the CLI verbatim'],
  ],
  P10: [
    ['e2e/pitfalls.test.ts', 'P10 behind %s the CLI is found and runs once'],
    ['e2e/nested.test.ts', 'as a session of its own, below the outer one'],
  ],
  P11: [['e2e/pitfalls.test.ts', "P11 words behind the name are the CLI's, whatever they look like"]],
  P12: [['e2e/pitfalls.test.ts', 'P12 ai-trace stays above the CLI: %s']],
  P13: [['e2e/pitfalls.test.ts', "P13 no shell is started, and nobody's start files are read"]],
  P14: [
    [
      'integration/pty-signals.test.ts',
      'P14 a signal reaches the second process of a CLI whose first one swallows it',
    ],
    ['e2e/signals.test.ts', '$row $name, $signal'],
  ],
  P15: [
    [
      'integration/pty-signals.test.ts',
      'P15 the window is closed: the CLI ends first, and ai-trace after it, with the same code',
    ],
    [
      'e2e/job-control.test.ts',
      'P15 $name ends when the window is closed, and ai-trace with it, its receipt written',
    ],
  ],

  T1: [
    ['unit/providers/claude/settings.test.ts', 'ours win over the same variables of the user'],
    ['unit/providers/claude/settings.test.ts', 'that fix telemetry are told, and the run goes on'],
    ['e2e/user-settings.test.ts', 'with everything against it in the settings of %s'],
  ],
  T2: [
    [
      'unit/providers/codex/injection.test.ts',
      'all three signals are sent here, and the user’s words follow untouched',
    ],
    ['unit/providers/codex/injection.test.ts', '%s stays one and comes here, as the other two by HTTP'],
    ['e2e/user-settings.test.ts', 'with one exporter over gRPC, in the file of a profile'],
  ],
  T3: [
    [
      'unit/providers/gemini/injection.test.ts',
      'the whole set of variables is given: each is the cure for a setting that would defeat the rest',
    ],
    ['e2e/user-settings.test.ts', 'with everything against it in %s'],
    ['e2e/user-settings.test.ts', 'gemini with telemetry to $how'],
  ],
  T4: [
    [
      'unit/providers/codex/injection.test.ts',
      'the environment makes records leave before a failing run exits',
    ],
    ['unit/commands/cli-flush.test.ts', 'until it has been quiet, though somebody keeps a connection open'],
    ['unit/commands/cli-flush.test.ts', 'processes that the CLI left behind are waited for'],
    ['integration/late-records.test.ts', 'what is sent after the CLI has ended is heard'],
  ],
  T5: [
    ['integration/listener.test.ts', 'and answered before anything else is done with it'],
    [
      'integration/delivery-http.test.ts',
      '60 MB for a collector that hangs: the end is in time, and all of it is on disk',
    ],
    ['e2e/destinations.test.ts', 'ends although the collector never answers'],
  ],
  T6: [
    ['integration/listener.test.ts', 'for %s of type %s gets 200 in the same encoding'],
    ['integration/listener.test.ts', 'or not: it is answered 200 even when that fails'],
    ['integration/listener-limits.test.ts', 'bodies wait, and come in their order when there is'],
    ['integration/pipeline.test.ts', '%s are counted and cost the next one nothing'],
    ['e2e/bad-input.test.ts', 'with requests that cannot be read'],
  ],
  T7: [
    ['unit/providers/registry.test.ts', '%s: service %s, scope %s: %s'],
    ['unit/pipeline/understand.test.ts', 'is passed on byte for byte and never counted: %s'],
    ['integration/listener.test.ts', '%s gets 404'],
    ['e2e/nested.test.ts', 'of codex is the user’s; of ours only empty variables are left'],
    ['e2e/nested.test.ts', 'of claude has no address and no secret: it takes them out itself'],
    ['e2e/nested.test.ts', 'of gemini keeps the user’s endpoint, headers and names beside ours'],
  ],
  T8: [
    ['unit/pipeline/cumulative.test.ts', 'becomes a running total with a 0 before it and one start time'],
    ['unit/providers/claude/settings.test.ts', 'send everything here and keep content back'],
    ['contract/metrics.test.ts', 'the metrics are running totals without ids'],
  ],
  T9: [
    [
      'unit/pipeline/unified/metrics.test.ts',
      'begins with a 0 in each series, one ms before its first value, and never again',
    ],
    ['unit/pipeline/unified/summary-event.test.ts', 'the summary says what the receipt says'],
  ],
  T10: [
    ['contract/metrics.test.ts', 'the metrics are running totals without ids'],
    ['contract/unified-metrics.test.ts', 'no id is a label'],
    ['unit/pipeline/unified/metrics-exemplars.test.ts', 'lead to the spans of what was counted'],
  ],
  T11: [
    // A metric, a log and a span of one call.
    ['unit/session/reconcile.test.ts', 'are never added to the calls'],
    ['unit/providers/claude/calls.test.ts', 'and its span are one call by the request id, %s'],
    ['unit/providers/codex/calls.test.ts', 'has a twin with a duration alone, which is no call'],
    ['unit/providers/codex/calls.test.ts', 'no span makes a call of itself'],
    ['unit/providers/codex/session.test.ts', 'noise and metrics are nothing'],
    ['unit/providers/gemini/calls.test.ts', 'counts nothing by its metrics, nor by the twins of its records'],
    // Sums on spans that have others below them.
    ['contract/unified-traces.test.ts', 'the LLM spans together spend what the receipt says'],
    // The call around those of code mode.
    ['unit/providers/codex/tools.test.ts', 'the call around the nested ones is no work of its own'],
    // What a sub-agent has of its parent, and what is delivered twice.
    [
      'unit/providers/codex/recordings.test.ts',
      'has one sub-agent with one call, started by the tool that spawned it',
    ],
    ['e2e/subagents.test.ts', 'codex spawns a sub-agent that runs a tool'],
    ['integration/pipeline.test.ts', 'delivered twice are handed on and counted once'],
  ],
  T12: [
    ['contract/unified-traces.test.ts', 'one prompt to Codex is a small trace: %s'],
    [
      'e2e/traces.test.ts',
      'has one trace for the turn and one for the session, with the figures of the receipt',
    ],
  ],
  T13: [
    ['unit/pipeline/unified/session-ids.test.ts', 'are the digits of the run'],
    ['unit/pipeline/understand.test.ts', 'of a hidden thread belongs to the person’s session'],
    ['unit/report/receipt.test.ts', 'are never those of hidden threads'],
  ],
  T14: [
    ['contract/unified-traces.test.ts', 'no attribute is longer than what Tempo keeps of it'],
    ['contract/unified-traces.test.ts', 'nothing that was said or done leaves when it was not asked for'],
    ['unit/pipeline/redact.test.ts', 'is cut after 2048 characters, the mark included'],
  ],
  T15: [
    [
      'unit/templates/log-queries.test.ts',
      '%s looks for attributes in the metadata of Loki, not in the line',
    ],
    ['backends/live/logs.test.ts', 'with the money of the receipt'],
  ],
  T16: [['unit/providers/claude/settings.test.ts', 'send everything here and keep content back']],
  T17: [
    ['unit/commands/notices.test.ts', 'a run without telemetry says so'],
    ['unit/report/messages.test.ts', 'a run without telemetry is told with what it may come from: %s'],
    ['e2e/failures.test.ts', 'gemini says nothing when it fails with JSON output'],
    ['e2e/doctor-clis.test.ts', 'of an administrator that take telemetry elsewhere'],
  ],
  T18: [
    ['e2e/transparency.test.ts', 'changes no file, and leaves its own only'],
    ['unit/commands/config/plan.test.ts', 'is undone to the byte'],
    ['unit/commands/config/plan.test.ts', 'leaves a table alone that is not ours'],
    ['unit/commands/config/apply.test.ts', 'is written with a backup, and restored'],
    [
      'unit/commands/config/apply.test.ts',
      'whose own settings are replaced is told of them, and has them back',
    ],
    ['unit/commands/config/apply.test.ts', 'stays behind a link'],
    [
      'unit/commands/config/apply.test.ts',
      'keeps its mode, and both the files of the record are the user alone to read',
    ],
    [
      'unit/files/atomic.test.ts',
      'replaces a file as a whole: who has the old one open goes on reading the old text',
    ],
  ],
  T19: [
    ['unit/commands/config/plan.test.ts', '%s is told an address, and nothing that is secret'],
    ['unit/options/target.test.ts', 'does not repeat credentials'],
    ['e2e/config.test.ts', 'is 2 for %j'],
  ],
  T20: [
    ['integration/listener.test.ts', 'is loopback, a port of the system’s choice and the secret of this run'],
    ['integration/listener.test.ts', '%s gets 404'],
    ['unit/pipeline/spool/owner.test.ts', 'is dead when its pid is used again'],
  ],
  T21: [
    ['unit/commands/config/plan.test.ts', 'refuses a file in which %s'],
    ['unit/commands/config/plan.test.ts', 'is written once: the second time there is nothing to do'],
    ['e2e/config.test.ts', 'takes $name when it is written, and has it back'],
    ['e2e/config.test.ts', '%s complains of what it does not take'],
  ],

  M1: [
    ['unit/providers/claude/calls.test.ts', 'is read from its log'],
    [
      'unit/providers/codex/calls.test.ts',
      'is the call, with its observed time and its numbers read from strings',
    ],
    [
      'unit/providers/gemini/calls.test.ts',
      'has the requested model, the answering one, and tokens in the one convention',
    ],
    ['unit/pricing/pricer.test.ts', 'Codex: cached input at its own price'],
    ['unit/pricing/pricer.test.ts', 'agrees with the library’s own reading of a raw Anthropic response'],
  ],
  M2: [
    ['unit/pricing/pricer.test.ts', 'Codex: cached input at its own price'],
    [
      'unit/providers/codex/calls.test.ts',
      'is the call, with its observed time and its numbers read from strings',
    ],
  ],
  M3: [
    [
      'unit/pricing/pricer.test.ts',
      'Anthropic: cache reads, 5-minute and 1-hour writes each at their own price',
    ],
    ['unit/pricing/pricer.test.ts', '%s: equal'],
    ['unit/session/recorder-calls.test.ts', 'keeps the split of the cache writes'],
  ],
  M4: [
    ['unit/commands/notices.test.ts', 'is told of a model on Bedrock, a third of its price: %s'],
    ['unit/commands/notices.test.ts', 'is told with both, summed by model'],
    ['unit/session/recorder-calls.test.ts', 'is an estimate when the figure is that of the fallback model'],
  ],
  M5: [['unit/pricing/pricer.test.ts', 'is a matter of each request, never of their sum']],
  M6: [
    ['unit/providers/claude/calls.test.ts', 'served at speed %s has tier %s'],
    ['unit/session/recorder-calls.test.ts', 'is asked for with the time and the tier of the call'],
    ['unit/pricing/pricer.test.ts', 'multiplies the list price where the vendor has published how much'],
    ['unit/pricing/pricer.test.ts', 'leaves the list price as an estimate otherwise'],
  ],
  M7: [
    ['unit/pricing/pricer.test.ts', 'cost what the nearest relative costs, as an estimate'],
    ['unit/report/terminal.test.ts', 'is marked where it is an estimate'],
    ['unit/report/terminal.test.ts', 'is a lower bound where tokens have no price'],
  ],
  M8: [['unit/pricing/price-list.test.ts', 'leaves out what has no price for its tokens: never a silent $0']],
  M9: [
    ['unit/providers/claude/calls.test.ts', 'see calls that leave no record of their own'],
    ['unit/session/reconcile.test.ts', 'that know more win: the rest is counted and named'],
  ],
  M10: [
    [
      'unit/providers/gemini/calls.test.ts',
      'has the requested model, the answering one, and tokens in the one convention',
    ],
  ],
  M11: [
    [
      'unit/providers/codex/session.test.ts',
      'is a helper, its prompt no turn and its spend that of a utility',
    ],
    ['unit/session/recorder-sessions.test.ts', 'is spend, and no turn of the user'],
  ],
  M12: [
    ['unit/report/messages.test.ts', 'billing %s'],
    ['unit/report/notification-text.test.ts', 'says when the money is %s'],
  ],
};
