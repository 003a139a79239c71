import { wordsOf } from './commands/called-as.ts';
import { dispatch } from './commands/dispatch.ts';
import { leaveLike } from './launcher/leave.ts';

/** @param keepCompiled keeps what V8 has compiled by then for the next start; called when the CLI runs */
export function main(keepCompiled: () => void): void {
  void dispatch(wordsOf(process.argv), keepCompiled).then(leaveLike);
}
