import type { LogRecord, Metric, Resource, Span } from '../otlp/types.ts';
import type { AgentEvent } from '../session/event.ts';

export type ProviderId = 'codex' | 'gemini' | 'claude';

export interface Header {
  name: string;
  value: string;
}

/**
 * What injecting needs to know of this run. Reading and writing go through it, so that a provider touches
 * nothing by itself.
 */
export interface InjectionContext {
  /**
   * Base URL of the private listener, secret included; `/v1/<signal>` is appended by the CLI or by the
   * provider.
   */
  endpoint: string;
  /** The same without the secret, for a CLI that sends `secretHeader` with each request. */
  origin: string;
  secretHeader: Header;
  /**
   * Starts a listener for OTLP/gRPC, once; resolves to `http://127.0.0.1:PORT`. It wants `secretHeader` as
   * metadata. Rejects when it cannot listen.
   */
  grpcEndpoint(): Promise<string>;
  /** The user's words after the provider word. */
  args: readonly string[];
  /** Is the CLI to send prompts, answers, tool arguments and output? If not, it is told so. */
  content: boolean;
  env: Variables;
  home: string;
  cwd: string;
  platform: NodeJS.Platform;
  /** The file's text, or undefined when it cannot be read. */
  readFile(path: string): string | undefined;
  /** Names of what is in a folder, sorted; none when it cannot be read. */
  listFolder(path: string): string[];
  /** Writes a file only this user can read, which is removed after the run; returns its path. */
  writePrivate(name: string, text: string): string;
}

/**
 * Something in the user's own configuration that keeps a signal from us. Text is made in report/messages.ts.
 */
export type InjectionConflict =
  | { kind: 'own_exporter'; signals: string[] }
  | { kind: 'client_certificate'; signals: string[] }
  | { kind: 'unparsable_config'; file: string }
  | { kind: 'unreadable_settings'; value: string }
  /** `isSilent`: nothing is sent at all, not even elsewhere. */
  | { kind: 'managed_settings'; file: string; keys: string[]; isSilent: boolean };

/** Environment variables; undefined for one that is not there, or is to be removed. */
export type Variables = Readonly<Record<string, string | undefined>>;

export interface Injection {
  /** The complete arguments for the CLI. */
  args: string[];
  /** Changes to the environment. */
  env: Variables;
  conflicts: InjectionConflict[];
}

/**
 * A native record's own session id and what the record means; records that mean nothing to a session give no
 * events.
 */
export interface Mapped {
  sessionId: string | undefined;
  events: AgentEvent[];
  /** What it lets us tell of something else: not to be read off this record by whoever gets it. */
  asides?: AgentEvent[];
  /** What a native span is, as OpenInference names it. */
  spanKind?: 'AGENT' | 'LLM' | 'TOOL';
}

/**
 * Turns the native records of one run into events. Stateful: records arrive in any order and are joined by
 * their ids.
 */
export interface Mapper {
  resource(resource: Resource): AgentEvent[];
  log(record: LogRecord): Mapped;
  span(span: Span): Mapped;
  metric(metric: Metric): Mapped;
  /** Can a span of this name tell anything, as things stand? All can, where this is not said. */
  needsSpan?(name: string): boolean;
  /** What can only be said once nothing more will arrive. */
  finish(): AgentEvent[];
  /** How long after one record another of the same thing may still arrive, ms, as things stand. */
  readonly settleMs: number;
}

/** One CLI, as much as is needed to start it: its `cli.ts` is loaded before the spawn, and nothing else of it. */
export interface Cli {
  id: ProviderId;
  title: string;
  /** Name of the executable on PATH. */
  command: string;
  npmPackage: string;
  /** The first version that sends telemetry as `inject` asks for it, run with these words. Older ones run untraced. */
  firstVersion(args: readonly string[]): string;
  /** The version in the path of a program that is no npm package; its first group. */
  versionInPath: RegExp;
  /** `service.name` of everything that is forwarded. */
  serviceName: string;
  /** Provider id in the price library. */
  vendor: string;
  /** The model at whose price the CLI itself reckons models it does not know. */
  fallbackModel?: string;
  /** `gen_ai.provider.name`, unless the CLI tells another. */
  genAiProvider: string;
  /** `gen_ai.operation.name` of an LLM call. */
  operationName: 'chat' | 'generate_content';
  /** False where thinking tokens are not told apart from the output. */
  reportsReasoning: boolean;
  /** The executable is a launcher that ignores signals: its children must get them too. */
  signalTree: boolean;
  /** Subcommands that hold no session: they run untouched. */
  sessionless: readonly string[];
  inject(context: InjectionContext): Promise<Injection>;
}

/** One CLI and what its telemetry means. A fourth CLI is one more of these in `index.ts`, and its fixtures. */
export interface Provider extends Cli {
  /** False for what another program sent that inherited our settings. */
  recognises(serviceName: string | undefined, scopeName: string): boolean;
  createMapper(): Mapper;
}
