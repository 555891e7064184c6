import { isJsonObject } from 'dynamics365-connector/base';
import { etagMember, parseEtagVersion } from 'dynamics365-connector/odata';
import { parseGuid } from '../guid.ts';
import type { TableModel } from '../model/types.ts';
import type { StoredRow } from '../store/types.ts';
import { DataverseError, invalidPayload, versionMismatch } from '../web-api/errors.ts';
import { asBulk } from '../web-api/events/raise-multiple.ts';
import type { JsonBody } from '../web-api/json-body.ts';
import { entitySetName, entityTypeName } from '../web-api/odata-names.ts';
import { parseSegments } from '../web-api/request-path.ts';
import { noContentResponse } from '../web-api/responses.ts';
import { findRow, parseRowKey, type RowKey, requireRow } from '../web-api/row-key.ts';
import type { WebApiResponse } from '../web-api/types.ts';
import { readPayload } from '../web-api/write/read-payload.ts';
import { insertPayload, updatePayload } from '../web-api/write/save-payload.ts';
import { operationResponse, readListParameter, requireBoundTable } from './parameters.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

const setBoundAction = {
  kind: 'action',
  boundTo: { kind: 'set' },
  parameters: { Targets: 'required' },
} as const;

/**
 * Operations on many rows of one table, in one transaction.
 * https://learn.microsoft.com/power-apps/developer/data-platform/bulk-operations
 */
export const bulkOperations: readonly WebApiOperation[] = [
  {
    name: 'CreateMultiple',
    ...setBoundAction,
    run(call) {
      const Ids = writeTargets(call, createTarget).map(({ id }) => id);
      return operationResponse(call, { Ids });
    },
  },
  { name: 'UpdateMultiple', ...setBoundAction, run: (call) => writeEach(call, updateTarget) },
  { name: 'UpsertMultiple', ...setBoundAction, run: (call) => writeEach(call, upsertTarget) },
  {
    name: 'DeleteMultiple',
    ...setBoundAction,
    run() {
      throw new DataverseError(501, '0x80060888', 'DeleteMultiple has not yet been implemented.');
    },
  },
];

function writeEach(
  call: OperationContext,
  write: (call: OperationContext, target: JsonBody) => StoredRow,
): WebApiResponse {
  writeTargets(call, write);
  return noContentResponse(call.context);
}

function writeTargets(
  call: OperationContext,
  write: (call: OperationContext, target: JsonBody) => StoredRow,
): readonly StoredRow[] {
  const targets = readTargets(call);
  return asBulk(call.context, (context) => targets.map((target) => write({ ...call, context }, target)));
}

/** The items of `Targets`. Each one must have its `@odata.type`. */
function readTargets(call: OperationContext): readonly JsonBody[] {
  const table = requireBoundTable(call);
  const items = readListParameter(call, 'Targets');
  if (items.length === 0) throw invalidPayload(entitySetName(table), "The parameter 'Targets' is empty.");
  return items.map((item) => {
    if (!isJsonObject(item))
      throw invalidPayload(entitySetName(table), "An item of 'Targets' must be an object.");
    const type = item['@odata.type'];
    if (typeof type !== 'string' || type.replace(/^#/, '') !== entityTypeName(table)) {
      throw invalidPayload(
        entitySetName(table),
        `An item of 'Targets' must have the '@odata.type' '${entityTypeName(table)}'.`,
      );
    }
    return item;
  });
}

function createTarget(call: OperationContext, target: JsonBody): StoredRow {
  const { context } = call;
  return insertPayload(context, readPayload(context, requireBoundTable(call), target, { creating: true }));
}

function updateTarget(call: OperationContext, target: JsonBody): StoredRow {
  const table = requireBoundTable(call);
  const { store, assumptions } = call.context.org;
  const row = requireRow(store, table, readUpdateKey(call, target));
  const version = parseEtagVersion(String(target[etagMember] ?? ''));
  const isOld = version !== undefined && version !== row.version;
  if (isOld && assumptions.bulkETag === 'checked') throw versionMismatch();
  return updateRow(call, target, row);
}

/** The key of an item of `UpdateMultiple`: its primary key. Nobody has confirmed that an alternate key is possible. */
function readUpdateKey(call: OperationContext, target: JsonBody): RowKey {
  const table = requireBoundTable(call);
  const id = readPrimaryKey(table, target);
  if (id !== undefined) return { kind: 'id', id };
  const link = target['@odata.id'];
  if (typeof link !== 'string' || call.context.org.assumptions.bulkUpdateByKey === 'refused')
    throw missingKeyError(table);
  return parseTargetLink(call, link);
}

function updateRow(call: OperationContext, target: JsonBody, row: StoredRow): StoredRow {
  const { context } = call;
  const table = requireBoundTable(call);
  return updatePayload(context, readPayload(context, table, target, { creating: false }), { row });
}

/** Updates the row of the key or creates it. The key is the primary key in the item, or an `@odata.id`. */
function upsertTarget(call: OperationContext, target: JsonBody): StoredRow {
  const { context } = call;
  const table = requireBoundTable(call);
  const key = readUpsertKey(call, target);
  const row = findRow(context.org.store, table, key);
  if (row) return updateRow(call, target, row);
  const payload = readPayload(context, table, target, { creating: true });
  if (key.kind === 'id') return insertPayload(context, payload, { [table.primaryId]: key.id });
  const isRepeated = Object.keys(key.values).some((column) => column in payload.values);
  if (isRepeated) throw new DataverseError(400, '0x80040216', 'An unexpected error occurred.');
  return insertPayload(context, payload, key.values);
}

function readUpsertKey(call: OperationContext, target: JsonBody): RowKey {
  const table = requireBoundTable(call);
  const link = target['@odata.id'];
  if (typeof link === 'string') return parseTargetLink(call, link);
  const id = readPrimaryKey(table, target);
  if (id === undefined) throw missingKeyError(table);
  return { kind: 'id', id };
}

/** The key of `contacts(emailaddress1='a@b.c')`. By default the text is not percent-decoded: it is not part of a URL. */
function parseTargetLink(call: OperationContext, link: string): RowKey {
  const table = requireBoundTable(call);
  const isDecoded = call.context.org.assumptions.targetKeyText === 'decoded';
  const text = isDecoded ? decodeLink(link, table) : link;
  const [segment, ...rest] = parseSegments(text.replace(/^\//, ''));
  if (segment?.name !== entitySetName(table) || segment.args === undefined || rest.length > 0) {
    throw invalidPayload(
      entitySetName(table),
      `The '@odata.id' of an item of 'Targets' must be a row of '${entitySetName(table)}'.`,
    );
  }
  return parseRowKey(call.context.org.store.model, table, segment.args);
}

function decodeLink(link: string, table: TableModel): string {
  try {
    return decodeURIComponent(link);
  } catch {
    throw invalidPayload(entitySetName(table), "The '@odata.id' of an item of 'Targets' is not a valid URL.");
  }
}

function readPrimaryKey({ primaryId }: TableModel, target: JsonBody): string | undefined {
  const raw = target[primaryId];
  return typeof raw === 'string' ? parseGuid(raw) : undefined;
}

function missingKeyError(table: TableModel) {
  const message = `An item of 'Targets' must have a value for '${table.primaryId}'.`;
  return invalidPayload(entitySetName(table), message);
}
