import { startBackgroundOperation } from '../web-api/background-operations.ts';
import { invalidArgument, invalidPayload, resourceNotFound } from '../web-api/errors.ts';
import { parseODataQuery } from '../web-api/query-options.ts';
import type { BindingTarget } from '../web-api/resource.ts';
import { requireRow } from '../web-api/row-key.ts';
import type { WebApiContext, WebApiResponse } from '../web-api/types.ts';
import { readJsonBody } from '../web-api/write/read-body.ts';
import { appointmentOperations } from './appointments.ts';
import { auditOperations } from './audit.ts';
import { bulkOperations } from './bulk.ts';
import { bulkDeleteOperation } from './bulk-delete.ts';
import { caseOperations } from './cases.ts';
import { fileOperations } from './column-files.ts';
import { duplicateOperations } from './duplicates.ts';
import { emailOperations } from './emails.ts';
import { entitlementOperations } from './entitlements.ts';
import { blockOperations } from './file-blocks.ts';
import { formatAddressOperation } from './format-address.ts';
import { importSolutionOperation } from './import-solution.ts';
import { initializeFromOperations } from './initialize-from.ts';
import { knowledgeOperations } from './knowledge-articles.ts';
import { languageOperations } from './languages.ts';
import { leadOperations } from './leads.ts';
import { mergeOperation } from './merge.ts';
import { metadataOperations } from './metadata-changes.ts';
import { documentOperations } from './note-documents.ts';
import { opportunityOperations } from './opportunities.ts';
import { optionOperations } from './options.ts';
import { organizationOperations } from './organization.ts';
import { parseFunctionArguments } from './parse-arguments.ts';
import { productOperations } from './products.ts';
import { queueOperations } from './queues.ts';
import { restoreOperation } from './restore.ts';
import { roleOperations } from './roles.ts';
import { rollupOperations } from './rollups.ts';
import { rowLabelOperations } from './row-labels.ts';
import { runWithMessage } from './run-with-message.ts';
import { salesDocumentOperations } from './sales-documents.ts';
import { schemaOperations } from './schema.ts';
import { searchOperations } from './search.ts';
import { sharingOperations } from './sharing.ts';
import { stateOperations } from './state-transitions.ts';
import { teamOperations } from './teams.ts';
import { timeZoneOperations } from './time-zones.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

/** All operations of the sandbox. */
export const webApiOperations: readonly WebApiOperation[] = [
  ...organizationOperations,
  ...metadataOperations,
  ...schemaOperations,
  ...optionOperations,
  ...caseOperations,
  ...stateOperations,
  ...entitlementOperations,
  ...knowledgeOperations,
  ...leadOperations,
  ...opportunityOperations,
  ...salesDocumentOperations,
  ...productOperations,
  ...queueOperations,
  ...emailOperations,
  ...appointmentOperations,
  ...teamOperations,
  ...sharingOperations,
  ...roleOperations,
  ...auditOperations,
  ...languageOperations,
  ...rowLabelOperations,
  ...timeZoneOperations,
  ...initializeFromOperations,
  ...rollupOperations,
  formatAddressOperation,
  importSolutionOperation,
  ...bulkOperations,
  ...blockOperations,
  ...fileOperations,
  ...documentOperations,
  mergeOperation,
  bulkDeleteOperation,
  restoreOperation,
  ...duplicateOperations,
  ...searchOperations,
];

/** Finds an unbound operation, or an operation that is bound to the resource. */
export function findWebApiOperation(name: string, on?: BindingTarget): WebApiOperation | undefined {
  return webApiOperations.find((operation) => {
    if (operation.name !== name) return false;
    if (!operation.boundTo || !on) return !operation.boundTo && !on;
    const { kind, table } = operation.boundTo;
    return kind === on.kind && (table === undefined || table === on.table.logicalName);
  });
}

/** Checks the method and the parameters of a call and runs it in a transaction. */
export function runWebApiOperation(
  context: WebApiContext,
  { operation, args, on }: { operation: WebApiOperation; args?: string; on?: BindingTarget },
): WebApiResponse {
  if (context.method !== (operation.kind === 'action' ? 'POST' : 'GET')) throw resourceNotFound(context.url);
  // Rejects malformed query options before the operation writes.
  parseODataQuery(context.options);
  const parameters = readParameters(context, operation, args);
  checkParameterNames(operation, parameters);
  if (operation.isCustom && context.prefer.respondAsync)
    return startBackgroundOperation(context, operation, parameters);
  const { store } = context.org;
  return store.transaction(() => {
    const call: OperationContext = {
      context,
      operation,
      parameters,
      table: on?.table,
      row: on?.kind === 'row' ? requireRow(store, on.table, on.key) : undefined,
    };
    return operation.isCustom ? operation.run(call) : runWithMessage(call);
  });
}

function readParameters(context: WebApiContext, { kind, name }: WebApiOperation, args: string | undefined) {
  if (kind === 'function') return parseFunctionArguments(args ?? '', context.options.aliases);
  return context.request.body.length === 0 ? {} : readJsonBody(context, name);
}

function checkParameterNames(
  { name, parameters: declared }: WebApiOperation,
  given: Readonly<Record<string, unknown>>,
): void {
  for (const parameter of Object.keys(given)) {
    if (!parameter.includes('@') && !Object.hasOwn(declared, parameter)) {
      throw invalidPayload(
        name,
        `The parameter '${parameter}' in the request payload is not a valid parameter for the operation '${name}'.`,
      );
    }
  }
  for (const [parameter, need] of Object.entries(declared)) {
    if (need === 'required' && (given[parameter] ?? null) === null) {
      throw invalidArgument(`Required parameter '${parameter}' of '${name}' is missing.`);
    }
  }
}
