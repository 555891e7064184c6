import { toReference } from '../../store/entity-reference.ts';
import type { ColumnValue, EntityReference } from '../../store/types.ts';
import type { WebApiContext } from '../types.ts';
import { contextOption } from './context-values.ts';
import type { MessageEvent } from './message-event.ts';

/**
 * The messages that changed owners and states before `Update` could do it: their steps are called too.
 * https://learn.microsoft.com/power-apps/developer/data-platform/special-update-operation-behavior
 */
export function specialEvents({ org }: WebApiContext, event: MessageEvent): readonly MessageEvent[] {
  if (org.assumptions.specialMessages === 'not-raised') return [];
  const { table, id, values } = event;
  const row: EntityReference = { table: table.logicalName, id };
  const create = (message: string, input: Readonly<Record<string, unknown>>): MessageEvent => ({
    ...event,
    message,
    parameters: { input, output: {} },
  });
  const { statecode: state, statuscode: status } = values;
  const owner = toReference(values.ownerid);
  const change = { EntityMoniker: row, State: toOption(state), Status: toOption(status) };
  return [
    ...(owner && table.ownership === 'UserOwned' ? [create('Assign', { Target: row, Assignee: owner })] : []),
    ...(typeof state === 'number' || typeof status === 'number'
      ? [create('SetState', change), create('SetStateDynamicEntity', change)]
      : []),
  ];
}

const toOption = (value: ColumnValue | undefined): object | null =>
  typeof value === 'number' ? contextOption(value) : null;
