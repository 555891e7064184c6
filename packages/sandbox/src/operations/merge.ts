import { noContent } from '../protocol/answer.ts';
import { refuse } from '../protocol/refusal.ts';
import type { OrgResponse } from '../protocol/types.ts';
import { isObject, readPayload, referenceTo } from '../protocol/write/payload.ts';
import { rowsWith } from '../protocol/write/rules.ts';
import type { Row, Values } from '../store/types.ts';
import { rowParameter } from './parameters.ts';
import type { Call, Operation } from './types.ts';

/** State and status that a merged row is left in, by table. */
const merged: Readonly<Record<string, Values>> = {
  account: { statecode: 1, statuscode: 2 },
  contact: { statecode: 1, statuscode: 2 },
  lead: { statecode: 2, statuscode: 7 },
  incident: { statecode: 2, statuscode: 2000 },
};

/** Two rows become one: the subordinate's related rows move to the target, and it is closed. */
export const mergeOperation: Operation = {
  name: 'Merge',
  kind: 'action',
  parameters: {
    Target: 'required',
    Subordinate: 'required',
    UpdateContent: 'optional',
    PerformParentingChecks: 'required',
  },
  run(call) {
    const target = rowParameter(call, 'Target');
    const subordinate = rowParameter(call, 'Subordinate');
    checkMergeable(target, subordinate);
    return merge(call, target, subordinate);
  },
};

function checkMergeable(target: Row, subordinate: Row): void {
  if (target.table !== subordinate.table || !merged[target.table]) {
    throw refuse(400, '0x80040203', 'Merge needs two accounts, two contacts, two leads or two incidents.');
  }
  if (target.id === subordinate.id) {
    throw refuse(
      400,
      '0x80045305',
      'Merge cannot be performed on sub-entity that is the same as the master.',
    );
  }
  if (target.values.statecode !== 0 || subordinate.values.statecode !== 0) {
    throw refuse(
      400,
      '0x80045304',
      'Merge could create cyclical parenting or one of the entities is not active.',
    );
  }
}

function merge(call: Call, target: Row, subordinate: Row): OrgResponse {
  const { org, actor } = call.exchange;
  const { store } = org;
  for (const { referenced, referencing, attribute } of store.model.oneToMany) {
    if (referenced !== target.table || attribute === 'masterid') continue;
    for (const row of rowsWith(store, { table: referencing, column: attribute, id: subordinate.id })) {
      if (row.id === target.id) continue;
      store.update({ table: row.table, id: row.id, values: { [attribute]: referenceTo(target) }, actor });
    }
  }
  const content = contentOf(call, target.table);
  if (Object.keys(content).length > 0) {
    store.update({ table: target.table, id: target.id, values: content, actor });
  }
  const values = { ...merged[target.table], masterid: referenceTo(target), merged: true };
  store.update({ table: subordinate.table, id: subordinate.id, values, actor });
  return noContent(call.exchange);
}

function contentOf({ exchange, parameters }: Call, table: string): Values {
  const raw = parameters.UpdateContent;
  if (!isObject(raw)) return {};
  return readPayload(exchange, exchange.org.store.model.table(table)!, raw, { creating: false }).values;
}
