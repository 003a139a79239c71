import type { Finding } from './doctor-report.ts';
import { bytes, counted, duration, plain } from './format.ts';
import { type Failure, failureText, type Notice, noticeText } from './messages.ts';

/** Texts of `ai-trace doctor`: what is wrong with a link of the chain and how to mend it. */

export type DoctorFinding =
  | { kind: 'disabled' }
  | { kind: 'no_cli' }
  | { kind: 'folder_unusable'; dir: string; reason: string }
  | { kind: 'spool_waiting'; records: number; bytes: number; oldestMs: number }
  | { kind: 'spool_nearly_full'; bytes: number; limitBytes: number }
  | { kind: 'cli_failed'; title: string; how: string; said: string }
  | { kind: 'cli_timeout'; title: string; limitMs: number }
  | { kind: 'cli_not_started'; file: string; reason: string }
  | { kind: 'no_last_session' }
  | { kind: 'nothing_received'; title: string }
  | { kind: 'signals_missing'; title: string; signals: readonly string[] }
  | { kind: 'not_understood'; title: string; version: string | null }
  | { kind: 'own_settings'; file: string | null; keys: readonly string[] }
  | { kind: 'proxy_catches_loopback'; keys: readonly string[] }
  | { kind: 'delta_metrics'; titles: readonly string[] }
  | { kind: 'shell_alias'; command: string; file: string; line: number }
  | DestinationFinding
  | StoreFinding;

export type DestinationFinding =
  | { kind: 'nobody_listens' | 'name_unresolved' | 'no_answer'; url: string; reason: string }
  | { kind: 'tls_untrusted'; url: string; reason: string }
  | {
      kind: 'unauthorized' | 'no_collector' | 'overloaded' | 'refused' | 'unusable';
      url: string;
      reason: string;
    }
  | { kind: 'partly_refused'; url: string; records: number; reason: string }
  | { kind: 'file_unwritable'; url: string; reason: string }
  | { kind: 'clock_skew'; url: string; aheadMs: number };

export type StoreFinding =
  | { kind: 'probe_missing'; store: string; url: string; waitedMs: number }
  | {
      kind: 'store_unreachable' | 'store_unauthorized' | 'no_store';
      store: string;
      url: string;
      reason: string;
    };

export function told(finding: DoctorFinding): Finding {
  return { kind: finding.kind, text: textOf(finding) };
}

/** What a run would have said before it began. */
export function toldFailure(failure: Failure): Finding {
  return { kind: failure.kind, text: failureText(failure).replace(/^ai-trace: /, '') };
}

/** What a run would have said in its receipt. */
export function toldNotice(notice: Notice): Finding {
  const text = noticeText(notice);
  return { kind: notice.kind, text: text.charAt(0).toUpperCase() + text.slice(1) };
}

function textOf(finding: DoctorFinding): string {
  switch (finding.kind) {
    case 'disabled':
      return 'ai-trace is switched off: every session runs untraced. Take AI_TRACE_DISABLE out of your environment (and disable out of config.toml).';
    case 'no_cli':
      return 'None of the CLIs is on PATH. Install one, or say in the [commands] of config.toml where it is.';
    case 'folder_unusable':
      return `${plain(finding.dir)}: ${finding.reason}. ai-trace cannot keep its files there. Make it a folder that you alone can write to.`;
    case 'spool_waiting':
      return `${counted(finding.records, 'record')} (${bytes(finding.bytes)}) wait to be sent, the oldest for ${age(finding.oldestMs)}. Send them with: ai-trace flush`;
    case 'spool_nearly_full':
      return `${bytes(finding.bytes)} of ${bytes(finding.limitBytes)} are taken by what waits to be sent; the oldest is dropped first. Run ai-trace flush, or raise --spool-limit.`;
    case 'cli_failed':
      return `${finding.title} ended (${finding.how}) before it asked its model.${said(finding.said)} Run it by itself to see why.`;
    case 'cli_timeout':
      return `${finding.title} did not end within ${duration(finding.limitMs)}, and was stopped. Run it by itself to see what it waits for.`;
    case 'cli_not_started':
      return `${plain(finding.file)} could not be started: ${finding.reason}. Install it again.`;
    case 'no_last_session':
      return 'no earlier session to go by; run one with ai-trace';
    case 'nothing_received':
      return `${finding.title} asked its model and sent no telemetry. Look for settings of it that switch telemetry off, or update it.`;
    case 'signals_missing':
      return `No ${finding.signals.join(' and no ')} came from ${finding.title}; a session may still send them.`;
    case 'not_understood':
      return `Nothing in it is known to ai-trace: ${finding.title} ${finding.version ?? ''} may be too new. Update ai-trace, or report it with what --record keeps.`;
    case 'own_settings':
      return `Out of force in a run by ai-trace, and in force without it: ${list(finding.keys)} in ${finding.file === null ? 'the environment' : plain(finding.file)}.`;
    case 'proxy_catches_loopback':
      return `Proxies that take what is for 127.0.0.1 too: ${list(finding.keys)}. ai-trace makes an exception in its runs; for the rest add 127.0.0.1 to NO_PROXY.`;
    case 'delta_metrics':
      return `Sent as deltas where ai-trace is not used: the metrics of ${list(finding.titles)}. Prometheus exporters drop deltas without a word: run it with ai-trace, or use the template alloy-native.`;
    case 'shell_alias':
      return `${plain(finding.file)}, line ${finding.line}: your alias ${finding.command} does not start ai-trace. Take it out, or put ai-trace into it.`;
    case 'probe_missing':
      return `The probe was not found there within ${duration(finding.waitedMs)}, although it was sent. Look at what the collector logs, whether it sends to this store, and whether this is the right one; --wait gives it longer.`;
    case 'store_unreachable':
      return `It cannot be reached (${plain(finding.reason, 80)}). Is it running, and is this its address?`;
    case 'store_unauthorized':
      return `It refuses to answer (${finding.reason}). Give credentials in the URL: https://USER:TOKEN@host`;
    case 'no_store':
      return `What stands there is not ${finding.store} (${plain(finding.reason, 80)}). Give the address that Grafana's data source has.`;
    default:
      return destinationText(finding);
  }
}

function destinationText(finding: DestinationFinding): string {
  switch (finding.kind) {
    case 'nobody_listens':
      return 'Nothing listens there. Start the collector (ai-trace template has one), or name yours with --forward.';
    case 'name_unresolved':
      return `The name of this host is not known (${finding.reason}). Correct it in --forward or config.toml, or look at your DNS.`;
    case 'no_answer':
      return `No answer (${plain(finding.reason, 80)}). Look whether the collector hangs, or a firewall is between.`;
    case 'tls_untrusted':
      return `TLS does not come about (${plain(finding.reason, 80)}). Name the authority of its certificate with --forward-ca, or begin the address with http: if it speaks no TLS.`;
    case 'unauthorized':
      return `It refuses who asks (${finding.reason}). Give the right header with --forward-header or --forward-headers-file.`;
    case 'no_collector':
      return `What stands there takes no OTLP (${plain(finding.reason, 80)}). Give the base URL of the collector's OTLP receiver, usually port 4318, or grpc://HOST:4317.`;
    case 'overloaded':
      return `It does not take anything now (${finding.reason}). What sessions send waits on disk; look what the collector says of its own destinations.`;
    case 'refused':
      return `It answered ${finding.reason}. Look at what the collector logs.`;
    case 'unusable':
      return `It cannot be used as it is set up: ${plain(finding.reason)}. Correct that, in the options or in config.toml.`;
    case 'partly_refused':
      return `It took a part only: ${counted(finding.records, 'record')} refused${finding.reason === '' ? '' : ` (${plain(finding.reason, 80)})`}.`;
    case 'file_unwritable':
      return `The file cannot be written (${finding.reason}). Name another with --forward file:PATH.`;
    case 'clock_skew': {
      const { aheadMs } = finding;
      const how = `${duration(Math.abs(aheadMs))} ${aheadMs > 0 ? 'ahead of' : 'behind'}`;
      return `Its clock is ${how} the one of this machine: stores refuse what is too old or from the future. Set both by NTP.`;
    }
  }
}

function said(text: string): string {
  return text === '' ? '' : ` It said: ‘${plain(text, 160)}’.`;
}

function age(ms: number): string {
  const days = Math.floor(ms / (24 * 60 * 60 * 1000));
  return days > 0 ? counted(days, 'day') : duration(ms);
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => plain(name, 60));
  const rest = names.length - shown.length;
  return shown.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
