import { wordsOf } from './commands/called-as.ts';
import { dispatch } from './commands/dispatch.ts';
import { leaveLike } from './launcher/leave.ts';

void dispatch(wordsOf(process.argv)).then(leaveLike);
