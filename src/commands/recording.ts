import type { Received } from '../pipeline/listener/listener.ts';
import { Recording } from '../pipeline/recording.ts';
import type { Notice } from '../report/messages.ts';

/** Recording is an extra: what goes wrong with it is told once, and the run goes on. */
export function openRecording(dir: string | null, notices: Notice[]): (received: Received) => void {
  let recording: Recording | undefined;
  const attempt = (action: () => void) => {
    try {
      action();
    } catch (error) {
      recording = undefined;
      const reason = error instanceof Error ? error.message : String(error);
      notices.push({ kind: 'recording_failed', dir: dir ?? '', reason });
    }
  };
  if (dir !== null) {
    attempt(() => {
      recording = new Recording(dir);
    });
  }
  return (received) => attempt(() => recording?.keep(received));
}
