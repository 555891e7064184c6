import { isJsonObject } from 'dynamics365-connector/base';
import { crmNamespace } from 'dynamics365-connector/odata';
import { parseGuid } from '../guid.ts';
import type { TableModel } from '../model/types.ts';
import { requireTable } from '../store/require-table.ts';
import { buildRowShape } from '../web-api/build-row-shape.ts';
import { DataverseError, invalidArgument, invalidPayload } from '../web-api/errors.ts';
import { type DuplicateSubject, findDuplicates, readDuplicateRules } from '../web-api/find-duplicates.ts';
import { serializeEntity } from '../web-api/read/get-row.ts';
import { contextUrl, jsonResponse, noContentResponse } from '../web-api/responses.ts';
import { requireRow } from '../web-api/row-key.ts';
import { insertJob, operationTypes } from '../web-api/system-jobs.ts';
import type { WebApiResponse } from '../web-api/types.ts';
import { readPayload } from '../web-api/write/read-payload.ts';
import { operationResponse, readStringParameter, readTimeParameter, requireBoundRow } from './parameters.ts';
import { toFetchXml } from './query-expression.ts';
import { readRecurrenceParameter } from './recurrence-parameter.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

/**
 * Operations of duplicate detection.
 * https://learn.microsoft.com/power-apps/developer/data-platform/detect-duplicate-data
 */
export const duplicateOperations: readonly WebApiOperation[] = [
  {
    name: 'PublishDuplicateRule',
    kind: 'action',
    boundTo: { kind: 'row', table: 'duplicaterule' },
    parameters: {},
    run: publishRule,
  },
  {
    name: 'UnpublishDuplicateRule',
    kind: 'action',
    parameters: { DuplicateRuleId: 'required' },
    run: unpublishRule,
  },
  {
    name: 'RetrieveDuplicates',
    kind: 'function',
    parameters: { BusinessEntity: 'required', MatchingEntityName: 'required', PagingInfo: 'required' },
    run: retrieveDuplicates,
  },
  {
    name: 'BulkDetectDuplicates',
    kind: 'action',
    parameters: {
      Query: 'required',
      JobName: 'required',
      SendEmailNotification: 'required',
      TemplateId: 'optional',
      ToRecipients: 'required',
      CCRecipients: 'required',
      RecurrencePattern: 'required',
      RecurrenceStartTime: 'required',
    },
    run: detectDuplicates,
  },
];

/** Publishing is a system job. Its id is the result. */
function publishRule(call: OperationContext): WebApiResponse {
  const { context } = call;
  const { org, actor } = context;
  const rule = requireBoundRow(call);
  const relatedTo = { table: rule.table, id: rule.id, navigation: 'DuplicateRule_DuplicateRuleConditions' };
  if (org.systemStore.query('duplicaterulecondition', { relatedTo, actor }).rows.length === 0)
    throw invalidArgument('A duplicate detection rule needs at least one condition.');
  const values = { statecode: 0, statuscode: 1 };
  org.store.update({ table: rule.table, id: rule.id, values, actor });
  const id = insertJob(context, {
    name: `Publish ${String(rule.values.name)}`,
    ...{ operationType: operationTypes.publishDuplicateRule, message: 'PublishDuplicateRule' },
    data: { ruleId: rule.id },
  });
  return jsonResponse(context, { '@odata.context': contextUrl(context, 'Edm.String'), value: id });
}

function unpublishRule(call: OperationContext): WebApiResponse {
  const { org, actor } = call.context;
  const id = parseGuid(readStringParameter(call, 'DuplicateRuleId'));
  if (!id) throw invalidArgument("The parameter 'DuplicateRuleId' is not a GUID.");
  const row = requireRow(org.store, requireTable(org.store.model, 'duplicaterule'), { kind: 'id', id });
  org.store.update({ table: row.table, id, values: { statecode: 0, statuscode: 0 }, actor });
  return noContentResponse(call.context);
}

function retrieveDuplicates(call: OperationContext): WebApiResponse {
  const { context, parameters } = call;
  const { org, actor } = context;
  const matching = readStringParameter(call, 'MatchingEntityName');
  requireTable(org.store.model, matching);
  const subject = readSubject(call);
  const rules = readDuplicateRules(org.systemStore, subject.table.logicalName);
  const found = rules
    .filter(({ matchingTable }) => matchingTable === matching)
    .flatMap((rule) => findDuplicates(org.store, { rule, subject, actor }));
  const ids = [...new Set(found.map(({ id }) => id))];
  const { PageNumber = 1, Count = 50 } = isJsonObject(parameters.PagingInfo) ? parameters.PagingInfo : {};
  const from = (Math.max(1, Number(PageNumber)) - 1) * Number(Count);
  const value = ids.slice(from, from + Number(Count)).map((id) => serializeDuplicate(call, matching, id));
  const fragment = 'Collection(Microsoft.Dynamics.CRM.crmbaseentity)';
  return jsonResponse(context, { '@odata.context': contextUrl(context, fragment), value });
}

function serializeDuplicate({ context }: OperationContext, name: string, id: string): object {
  const { store } = context.org;
  const table = requireTable(store.model, name);
  const row = requireRow(store, table, { kind: 'id', id });
  const entity = serializeEntity(context, row, buildRowShape(store.model, table, {}));
  const { '@odata.context': _, ...members } = entity as Readonly<Record<string, unknown>>;
  return { '@odata.type': `#${crmNamespace}${name}`, ...members };
}

/** The parameter `BusinessEntity`: an existing row by its key, or the columns of a row that is not stored. */
function readSubject({ context, parameters, operation }: OperationContext): DuplicateSubject {
  const { BusinessEntity: entity } = parameters;
  const { store, systemStore } = context.org;
  const type = isJsonObject(entity) ? entity['@odata.type'] : undefined;
  if (!isJsonObject(entity) || typeof type !== 'string')
    throw invalidPayload(
      operation.name,
      "The parameter 'BusinessEntity' must be an entity with '@odata.type'.",
    );
  const table: TableModel = requireTable(store.model, type.replace(/^#/, '').replace(crmNamespace, ''));
  const id = parseGuid(String(entity[table.primaryId] ?? ''));
  const stored = id === undefined ? undefined : systemStore.read(table.logicalName, id);
  const { values } = readPayload(context, table, entity, { creating: true });
  return { table, id: stored?.id, values: { ...stored?.values, ...values } };
}

function detectDuplicates(call: OperationContext): WebApiResponse {
  const { org, actor } = call.context;
  const xml = toFetchXml(call.parameters.Query);
  const { table } = org.store.fetchXml(xml.replace('<fetch>', '<fetch count="1">'), actor);
  if (readDuplicateRules(org.systemStore, table.logicalName).length === 0)
    throw new DataverseError(
      400,
      '0x80048436',
      'There are no published duplicate detection rules in the system for this record type.',
    );
  const recurrence = readRecurrenceParameter(call);
  const startMs = readTimeParameter(call, 'RecurrenceStartTime');
  const id = insertJob(call.context, {
    name: readStringParameter(call, 'JobName'),
    ...{ operationType: operationTypes.detectDuplicates, message: 'BulkDetectDuplicates' },
    ...{ startMs, recurrence, data: { query: xml } },
  });
  return operationResponse(call, { JobId: id });
}
