import type { ColumnValues, StoredRow } from '../store/types.ts';
import { dataverseError } from '../web-api/errors.ts';
import { noContentResponse } from '../web-api/responses.ts';
import type { WebApiResponse } from '../web-api/types.ts';
import { findRowsByLookup } from '../web-api/write/business-rules.ts';
import { isJsonObject, readPayload, referenceTo } from '../web-api/write/read-payload.ts';
import { readRowParameter } from './parameters.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

/** State and status that a merged row is left in, by table. */
const mergedStates: Readonly<Record<string, ColumnValues>> = {
  account: { statecode: 1, statuscode: 2 },
  contact: { statecode: 1, statuscode: 2 },
  lead: { statecode: 2, statuscode: 7 },
  incident: { statecode: 2, statuscode: 2000 },
};

/** Two rows become one: the subordinate's related rows move to the target, and it is closed. */
export const mergeOperation: WebApiOperation = {
  name: 'Merge',
  kind: 'action',
  parameters: {
    Target: 'required',
    Subordinate: 'required',
    UpdateContent: 'optional',
    PerformParentingChecks: 'required',
  },
  run(call) {
    const target = readRowParameter(call, 'Target');
    const subordinate = readRowParameter(call, 'Subordinate');
    checkMergeable(target, subordinate);
    return mergeRows(call, target, subordinate);
  },
};

function checkMergeable(target: StoredRow, subordinate: StoredRow): void {
  if (target.table !== subordinate.table || !mergedStates[target.table]) {
    throw dataverseError(
      400,
      '0x80040203',
      'Merge needs two accounts, two contacts, two leads or two incidents.',
    );
  }
  if (target.id === subordinate.id) {
    throw dataverseError(
      400,
      '0x80045305',
      'Merge cannot be performed on sub-entity that is the same as the master.',
    );
  }
  if (target.values.statecode !== 0 || subordinate.values.statecode !== 0) {
    throw dataverseError(
      400,
      '0x80045304',
      'Merge could create cyclical parenting or one of the entities is not active.',
    );
  }
}

function mergeRows(call: OperationContext, target: StoredRow, subordinate: StoredRow): WebApiResponse {
  const { org, actor } = call.context;
  const { store } = org;
  for (const { referenced, referencing, attribute } of store.model.oneToMany) {
    if (referenced !== target.table || attribute === 'masterid') continue;
    for (const row of findRowsByLookup(store, {
      table: referencing,
      column: attribute,
      id: subordinate.id,
    })) {
      if (row.id === target.id) continue;
      store.update({ table: row.table, id: row.id, values: { [attribute]: referenceTo(target) }, actor });
    }
  }
  const content = readUpdateContent(call, target.table);
  if (Object.keys(content).length > 0) {
    store.update({ table: target.table, id: target.id, values: content, actor });
  }
  const values = { ...mergedStates[target.table], masterid: referenceTo(target), merged: true };
  store.update({ table: subordinate.table, id: subordinate.id, values, actor });
  return noContentResponse(call.context);
}

function readUpdateContent({ context, parameters }: OperationContext, table: string): ColumnValues {
  const raw = parameters.UpdateContent;
  if (!isJsonObject(raw)) return {};
  return readPayload(context, context.org.store.model.table(table)!, raw, { creating: false }).values;
}
