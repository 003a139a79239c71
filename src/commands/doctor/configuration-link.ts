import { existsSync } from 'node:fs';
import { told, toldFailure, toldNotice } from '../../report/doctor-messages.ts';
import type { DoctorLink, Finding } from '../../report/doctor-report.ts';
import type { Notice } from '../../report/messages.ts';
import type { Configuration } from '../configuration.ts';
import { looked } from './link.ts';
import { proxyFinding } from './own-settings.ts';

/** Can the options be read, and do they let anything be traced? */
export function configurationLink(
  configuration: Configuration,
  configFile: string,
  isDisabled: boolean,
  ms: number,
): DoctorLink {
  const of = { what: 'ai-trace' } as const;
  const text = existsSync(configFile) ? configFile : 'no config.toml: defaults and environment';
  if (!configuration.ok) {
    return looked('configuration', of, { text, ms, problems: [toldFailure(configuration.failure)] });
  }
  const findings = configuration.notices.map((notice) => ({ notice, finding: toldNotice(notice) }));
  const those = (isOne: (notice: Notice) => boolean): Finding[] =>
    findings.filter(({ notice }) => isOne(notice)).map(({ finding }) => finding);
  return looked('configuration', of, {
    text,
    ms,
    problems: [
      (isDisabled || configuration.options.disable) && told({ kind: 'disabled' }),
      ...those(isBroken),
    ],
    warnings: [...those((notice) => !isBroken(notice)), proxyFinding(process.env)],
  });
}

/** A file that counts for nothing; a single key that does not is only noted. */
function isBroken({ kind }: Notice): boolean {
  return kind === 'unreadable_file';
}
