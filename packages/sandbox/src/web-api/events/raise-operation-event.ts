import { nullGuid } from '../../guid.ts';
import type { TableModel } from '../../model/types.ts';
import type { WebApiContext } from '../types.ts';
import { raiseEvent } from './raise-event.ts';

/** An operation with its parameters and results, by name. */
export interface OperationEvent {
  readonly message: string;
  /** Absent for an operation that is not bound. */
  readonly table: TableModel | undefined;
  readonly id: string | undefined;
  readonly input: Readonly<Record<string, unknown>>;
  readonly output: Readonly<Record<string, unknown>>;
}

/** The table of messages without one. */
const noTable: TableModel = {
  logicalName: 'none',
  schemaName: 'none',
  displayName: '',
  displayCollectionName: '',
  typeCode: 0,
  base: 'crmbaseentity',
  primaryId: '',
  ownership: 'None',
  changeTracking: false,
  attributes: [],
  keys: [],
};

/** Calls the steps of an operation's message. */
export function raiseOperationEvent(context: WebApiContext, event: OperationEvent): void {
  const { message, table = noTable, id = nullGuid, input, output } = event;
  const base = { message, table, id, values: {} };
  raiseEvent(context, { ...base, parameters: { input, output: {} } }, [10, 20]);
  raiseEvent(context, { ...base, parameters: { input, output } }, [40]);
}
