import { ErrorSums } from './error-sums.ts';
import type { ErrorType, UnixMs } from './event.ts';
import { CoveredTime, lasting } from './interval.ts';
import { Ledger } from './ledger.ts';
import type { LlmCall, LlmError, ToolCall } from './session.ts';
import { ToolRows } from './tool-rows.ts';

/** The figures of calls, failures and tools of which nothing more will be told: they themselves are gone. */
export class Retired {
  readonly ledger = new Ledger();
  readonly errors = new ErrorSums();
  /** Of the person's conversation: each may have been the end of a turn. */
  readonly failures: { at: UnixMs; type: ErrorType }[] = [];
  readonly tools = new ToolRows();
  /** Calls, and attempts that failed. */
  readonly llmTime = new CoveredTime();
  readonly toolTime = new CoveredTime();

  addCall(call: LlmCall): void {
    this.ledger.add(call);
    this.llmTime.add(lasting(call));
  }

  addError(error: LlmError): void {
    const { at, type, role } = error;
    this.errors.add(error);
    this.llmTime.add(lasting({ ...error, endedAt: at }));
    if (role === 'main') this.failures.push({ at, type });
  }

  addTool(tool: ToolCall): void {
    this.tools.add(tool);
    this.toolTime.add(lasting(tool));
  }
}
