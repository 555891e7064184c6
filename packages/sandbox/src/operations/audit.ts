import { isJsonObject } from 'dynamics365-connector/base';
import { crmNamespace, etagMember, maxPageSize } from 'dynamics365-connector/odata';
import { type AuditDetail, readAuditDetail, removeAuditDetail } from '../audit/audit-log.ts';
import { parseGuid } from '../guid.ts';
import { columnEquals, guidLiteral } from '../store/query/filter-nodes.ts';
import { requireTable } from '../store/require-table.ts';
import type { ColumnValues, EntityReference, StoredRow } from '../store/types.ts';
import { invalidArgument } from '../web-api/errors.ts';
import { entityTypeName } from '../web-api/odata-names.ts';
import { serializeRows } from '../web-api/serialize-rows.ts';
import type { WebApiResponse } from '../web-api/types.ts';
import { operationResponse, readStringParameter, requireBoundRow } from './parameters.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

const historyFunction = { kind: 'function' } as const;

/**
 * Operations on the audit log.
 * https://learn.microsoft.com/power-apps/developer/data-platform/auditing/retrieve-audit-data
 */
export const auditOperations: readonly WebApiOperation[] = [
  {
    name: 'RetrieveAuditDetails',
    ...historyFunction,
    boundTo: { kind: 'row', table: 'audit' },
    parameters: {},
    run(call) {
      requireHistoryPrivileges(call);
      const audit = requireBoundRow(call);
      return operationResponse(call, { AuditDetail: describe(call, audit, readDetail(call, audit)) });
    },
  },
  {
    name: 'RetrieveRecordChangeHistory',
    ...historyFunction,
    parameters: { Target: 'required', PagingInfo: 'optional' },
    run: (call) => historyResponse(call, readHistory(call)),
  },
  {
    name: 'RetrieveAttributeChangeHistory',
    ...historyFunction,
    parameters: { Target: 'required', AttributeLogicalName: 'required', PagingInfo: 'optional' },
    run(call) {
      const column = readStringParameter(call, 'AttributeLogicalName');
      return historyResponse(
        call,
        readHistory(call).flatMap((entry) => ofColumn(entry, column)),
      );
    },
  },
  {
    name: 'DeleteRecordChangeHistory',
    kind: 'action',
    parameters: { Target: 'required' },
    run(call) {
      const { systemStore } = call.context.org;
      call.context.request.caller.access?.require('prvDeleteRecordChangeHistory');
      const audits = findAudits(call, readTarget(call));
      for (const audit of audits) {
        removeAuditDetail(systemStore, audit);
        systemStore.delete('audit', audit.id);
      }
      return operationResponse(call, { DeletedEntriesCount: audits.length });
    },
  },
];

/** A row of the log with what changed. */
interface HistoryEntry {
  readonly audit: StoredRow;
  readonly detail: AuditDetail;
}

function requireHistoryPrivileges({ context }: OperationContext): void {
  const { access } = context.request.caller;
  access?.require('prvReadAuditSummary');
  access?.require('prvReadRecordAuditHistory');
}

/** The history of the target, newest first. */
function readHistory(call: OperationContext): readonly HistoryEntry[] {
  requireHistoryPrivileges(call);
  const target = readTarget(call);
  const { store } = call.context.org;
  // Throws when the caller cannot read the row.
  store.read(target.table, target.id);
  return findAudits(call, target).map((audit) => ({ audit, detail: readDetail(call, audit) }));
}

function findAudits({ context }: OperationContext, { id }: EntityReference): readonly StoredRow[] {
  const { systemStore } = context.org;
  const filter = columnEquals('_objectid_value', guidLiteral(id));
  const { rows } = systemStore.query('audit', { filter, actor: context.actor });
  return rows.toSorted((one, other) => Number(other.version) - Number(one.version));
}

/** The details without the columns that the caller cannot read. */
function readDetail({ context }: OperationContext, audit: StoredRow): AuditDetail {
  const { systemStore } = context.org;
  const detail = readAuditDetail(systemStore, audit);
  const table = systemStore.model.table(String(audit.values.objecttypecode));
  const hidden = table ? (context.request.caller.access?.hiddenColumns(table) ?? []) : [];
  if (detail.kind !== 'attributes' || hidden.length === 0) return detail;
  const visible = (values: ColumnValues): ColumnValues =>
    Object.fromEntries(
      Object.entries(values).filter(([name]) => !hidden.some(({ logicalName }) => logicalName === name)),
    );
  return { ...detail, old: visible(detail.old), new: visible(detail.new) };
}

/** The row of the parameter `Target`, which can have been deleted. */
function readTarget({ context, parameters }: OperationContext): EntityReference {
  const { model } = context.org.systemStore;
  const target = isJsonObject(parameters.Target) ? parameters.Target : {};
  const link = target['@odata.id'];
  const type = target['@odata.type'];
  if (typeof link === 'string') {
    const [, set = '', key = ''] = /(?:^|\/)(\w+)\(([^()]+)\)$/.exec(link) ?? [];
    const table = model.tableBySet(set);
    const id = parseGuid(key.replace(/^\w+=/, ''));
    if (table && id) return { table: table.logicalName, id };
  } else if (typeof type === 'string') {
    const table = model.table(type.replace(/^#/, '').replace(crmNamespace, ''));
    const id = table && parseGuid(String(target[table.primaryId]));
    if (table && id) return { table: table.logicalName, id };
  }
  throw invalidArgument("The parameter 'Target' must reference a row by its id.");
}

/** The entry with the values of one column, if it changed. */
function ofColumn({ audit, detail }: HistoryEntry, column: string): readonly HistoryEntry[] {
  if (detail.kind !== 'attributes' || !(column in detail.old || column in detail.new)) return [];
  const pick = (values: ColumnValues): ColumnValues =>
    column in values ? { [column]: values[column] ?? null } : {};
  return [{ audit, detail: { ...detail, old: pick(detail.old), new: pick(detail.new) } }];
}

interface Paging {
  readonly page: number;
  readonly count: number;
  readonly withTotal: boolean;
}

function readPaging({ parameters }: OperationContext): Paging {
  const info = isJsonObject(parameters.PagingInfo) ? parameters.PagingInfo : {};
  const { PageNumber: page = 1, Count: count = maxPageSize, ReturnTotalRecordCount: total } = info;
  const isPositive = (value: unknown): value is number => Number.isInteger(value) && Number(value) > 0;
  if (!isPositive(page) || !isPositive(count))
    throw invalidArgument("The parameter 'PagingInfo' needs a PageNumber and a Count from 1.");
  return { page, count, withTotal: total === true };
}

function historyResponse(call: OperationContext, entries: readonly HistoryEntry[]): WebApiResponse {
  const { page, count, withTotal } = readPaging(call);
  const start = (page - 1) * count;
  const more = entries.length > start + count;
  const token = `{&quot;pageNumber&quot;:${page + 1}}`;
  const cookie = `<cookie page="${page}"><cookieExtensions ContinuationToken="${token}" /></cookie>`;
  return operationResponse(call, {
    AuditDetailCollection: {
      MoreRecords: more,
      PagingCookie: more ? cookie : '',
      TotalRecordCount: withTotal ? entries.length : -1,
      AuditDetails: entries
        .slice(start, start + count)
        .map(({ audit, detail }) => describe(call, audit, detail)),
    },
  });
}

function describe(call: OperationContext, audit: StoredRow, detail: AuditDetail): object {
  const typed = (name: string, members: object) => ({ '@odata.type': `#${crmNamespace}${name}`, ...members });
  const table = String(audit.values.objecttypecode);
  switch (detail.kind) {
    case 'attributes':
      return typed('AttributeAuditDetail', {
        InvalidNewValueAttributes: [],
        LocLabelLanguageCode: 0,
        DeletedAttributes: { Count: 0, Keys: [], Values: [] },
        OldValue: describeValues(call, table, detail.old),
        NewValue: describeValues(call, table, detail.new),
      });
    case 'relationship':
      return typed('RelationshipAuditDetail', {
        RelationshipName: detail.relationship,
        TargetRecords: detail.targets.map((target) => describeReference(call, target)),
      });
    case 'share':
      return typed('ShareAuditDetail', {
        OldPrivileges: detail.oldRights,
        NewPrivileges: detail.newRights,
        Principal: describeReference(call, detail.principal),
      });
  }
}

/** Values as a row of the table, with the annotations that the caller asks for. */
function describeValues({ context }: OperationContext, name: string, values: ColumnValues): object {
  const { systemStore } = context.org;
  const table = systemStore.model.table(name);
  const type = { '@odata.type': `#${crmNamespace}${name}` };
  if (!table) return type;
  const columns = table.attributes.filter(({ logicalName }) => logicalName in values);
  const shape = { table, columns, composites: [], expands: [], context: '' };
  const { base, prefer, format } = context;
  const row = { table: name, id: '', version: '0', values };
  const [json = {}] = serializeRows([row], shape, {
    store: systemStore,
    base,
    prefer,
    format,
    isList: false,
  });
  const { [etagMember]: _etag, ...members } = json;
  return { ...type, ...members };
}

function describeReference({ context }: OperationContext, { table, id }: EntityReference): object {
  const model = requireTable(context.org.systemStore.model, table);
  return { '@odata.type': `#${entityTypeName(model)}`, [model.primaryId]: id };
}
