import { withoutContent } from '../../src/pipeline/content.ts';
import { Enrichment } from '../../src/pipeline/enrichment.ts';
import type { Recorder } from '../../src/session/recorder.ts';
import { runAttributes } from './run-attributes.ts';

/** As of a run without unified spans that keeps the CLI's own. */
export function enrichmentOf(recorder: Recorder): Enrichment {
  const run = runAttributes();
  return new Enrichment({
    recorder,
    run,
    content: withoutContent,
    places: null,
    keepsSpan: () => true,
    now: Date.now,
  });
}
