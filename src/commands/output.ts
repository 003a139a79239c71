/** Writes on stderr. A terminal that has gone or a reader that closed its pipe is no reason to fail. */
export function writeError(text: string): void {
  write(process.stderr, text);
}

/** Writes on stdout, for commands of our own only: in a session stdout is the CLI's. */
export function writeOutput(text: string): void {
  write(process.stdout, text);
}

function write(stream: NodeJS.WriteStream, text: string): void {
  if (stream.listenerCount('error') === 0) stream.on('error', () => {});
  stream.write(text);
}
