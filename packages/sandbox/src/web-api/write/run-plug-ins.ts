import { type PlugIn, PlugInError } from '../../plug-in.ts';
import type { ColumnValues } from '../../store/types.ts';
import { DataverseError } from '../errors.ts';
import { isBypassed } from '../events/bypass.ts';
import type { WebApiContext } from '../types.ts';

/** A write that plug-ins run for. */
export interface PlugInEvent extends Pick<PlugIn, 'message' | 'table'> {
  readonly values: ColumnValues;
  /** The id of an existing row. */
  readonly id?: string;
}

/** Runs the plug-ins of a write, unless the caller bypasses them. Returns the values after the plug-ins. */
export function runPlugIns(context: WebApiContext, mode: PlugIn['mode'], event: PlugInEvent): ColumnValues {
  let { values } = event;
  if (isBypassed(context, mode)) return values;
  for (const plugIn of context.org.plugIns) {
    const isRegistered =
      plugIn.message === event.message && plugIn.table === event.table && plugIn.mode === mode;
    if (isRegistered) values = { ...values, ...runPlugIn(plugIn, { ...event, values }) };
  }
  return values;
}

function runPlugIn({ run }: PlugIn, { message, table, values, id }: PlugInEvent): ColumnValues | undefined {
  try {
    return run(values, id);
  } catch (error) {
    const { operationStatus, subErrorCode } = error instanceof PlugInError ? error : new PlugInError('');
    const failure = { step: `${message} of ${table}`, operationStatus, subErrorCode };
    throw new DataverseError(400, '0x80040265', (error as Error).message, failure);
  }
}
