import { parseRecurrence } from '../jobs/recurrence.ts';
import { DataverseError } from '../web-api/errors.ts';
import { readStringParameter } from './parameters.ts';
import type { OperationContext } from './types.ts';

/** The recurrence rule of a system job, in `RecurrencePattern`; undefined for a job that runs once. */
export function readRecurrenceParameter(call: OperationContext): string | undefined {
  const rule = readStringParameter(call, 'RecurrencePattern').trim();
  if (rule === '') return undefined;
  if (parseRecurrence(rule)) return rule;
  throw new DataverseError(400, '0x8004d2a0', `The recurrence rule '${rule.slice(0, 200)}' is not valid.`);
}
