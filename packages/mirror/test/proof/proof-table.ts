/** The table of the proof, with a column of each type. */
export const proofTable = {
  logicalName: 'new_ticket',
  set: 'new_tickets',
  displayName: 'Ticket',
  changeTracking: true,
  attributes: [
    createColumn('new_amount', { type: 'Decimal', precision: 4 }),
    createColumn('new_count', { type: 'Integer' }),
    createColumn('new_open', { type: 'Boolean' }),
    createColumn('new_text', { type: 'Memo', maxLength: 2000 }),
  ],
};

/** The columns that are edited and compared. */
export const editedColumns = ['new_name', 'new_amount', 'new_count', 'new_open', 'new_text'];

/** The definition of a custom column. */
export function createColumn(logicalName: string, rest: object) {
  const flags = { required: 'None', validForCreate: true, validForUpdate: true, custom: true };
  return { logicalName, schemaName: logicalName, displayName: logicalName, ...flags, ...rest } as never;
}
