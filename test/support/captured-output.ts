import { afterEach, beforeEach, type MockInstance, vi } from 'vitest';

type Write = MockInstance<typeof process.stdout.write>;

/** What each test of a file writes on stdout and stderr: nothing of it is shown. */
export interface CapturedOutput {
  stdout: Write;
  stderr: Write;
}

export function captureOutput(): CapturedOutput {
  const captured = {} as CapturedOutput;
  beforeEach(() => {
    captured.stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    captured.stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  });
  afterEach(() => {
    captured.stdout.mockRestore();
    captured.stderr.mockRestore();
  });
  return captured;
}

export function said(stream: Write): string {
  return stream.mock.calls.map(([text]) => text).join('');
}
