import { isJsonObject } from 'dynamics365-connector/base';
import { checkParentsOfMerged, countChildren } from '../logic/case-hierarchy.ts';
import { referenceTo } from '../store/entity-reference.ts';
import { requireTable } from '../store/require-table.ts';
import type { ColumnValues, StoredRow } from '../store/types.ts';
import { DataverseError } from '../web-api/errors.ts';
import { noContentResponse } from '../web-api/responses.ts';
import type { WebApiResponse } from '../web-api/types.ts';
import { findRowsByLookup } from '../web-api/write/business-rules.ts';
import { readPayload } from '../web-api/write/read-payload.ts';
import { updateRow } from '../web-api/write/rows.ts';
import { readRowParameter } from './parameters.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

/** State and status reason of a merged row, by table. */
const mergedStates: Readonly<Record<string, ColumnValues>> = {
  account: { statecode: 1, statuscode: 2 },
  contact: { statecode: 1, statuscode: 2 },
  lead: { statecode: 2, statuscode: 7 },
  incident: { statecode: 2, statuscode: 2000 },
};

/** Merges two rows: the related rows of the subordinate move to the target, and the subordinate is deactivated. */
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
    throw new DataverseError(
      400,
      '0x80040203',
      'Only two accounts, two contacts, two leads or two incidents can be merged.',
    );
  }
  if (target.id === subordinate.id) {
    throw new DataverseError(
      400,
      '0x80045305',
      'Merge cannot be performed on sub-entity that is the same as the master.',
    );
  }
  if (target.values.statecode !== 0 || subordinate.values.statecode !== 0) {
    throw new DataverseError(
      400,
      '0x80045304',
      'Merge could create cyclical parenting or one of the entities is not active.',
    );
  }
  if (target.table === 'incident') checkParentsOfMerged(target, subordinate);
}

function mergeRows(call: OperationContext, target: StoredRow, subordinate: StoredRow): WebApiResponse {
  const { store, systemStore } = call.context.org;
  call.context.request.caller.access?.require('prvMerge');
  for (const { referenced, referencing, attribute } of store.model.oneToMany) {
    if (referenced !== target.table || attribute === 'masterid') continue;
    for (const row of findRowsByLookup(systemStore, {
      table: referencing,
      column: attribute,
      id: subordinate.id,
    })) {
      if (row.id === target.id) continue;
      const values = { [attribute]: referenceTo(target) };
      updateRow(call.context, { table: row.table, id: row.id, values }, systemStore);
    }
  }
  if (target.table === 'incident') countChildren({ store: systemStore, actor: call.context.actor }, target);
  const content = readUpdateContent(call, target.table);
  if (Object.keys(content).length > 0) {
    updateRow(call.context, { table: target.table, id: target.id, values: content });
  }
  const values = { ...mergedStates[target.table], masterid: referenceTo(target), merged: true };
  updateRow(call.context, { table: subordinate.table, id: subordinate.id, values });
  return noContentResponse(call.context);
}

function readUpdateContent({ context, parameters }: OperationContext, table: string): ColumnValues {
  const raw = parameters.UpdateContent;
  if (!isJsonObject(raw)) return {};
  const model = requireTable(context.org.store.model, table);
  return readPayload(context, model, raw, { creating: false }).values;
}
