import { isJsonObject } from 'dynamics365-connector/base';
import { parseGuid } from '../guid.ts';
import { requireTable } from '../store/require-table.ts';
import type { ColumnValues, StoredRow } from '../store/types.ts';
import { invalidArgument, invalidPayload } from '../web-api/errors.ts';
import type { JsonBody } from '../web-api/json-body.ts';
import { findRow } from '../web-api/row-key.ts';
import { readPayload } from '../web-api/write/read-payload.ts';
import { insertPayload, updatePayload } from '../web-api/write/save-payload.ts';
import { commitUpload, documentToken } from './file-blocks.ts';
import { operationResponse, readRowParameter } from './parameters.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

/**
 * Operations that upload and download the documents of notes and attachments in blocks. A note must have its id.
 * https://learn.microsoft.com/power-apps/developer/data-platform/attachment-annotation-files
 */
export const documentOperations: readonly WebApiOperation[] = [
  ...documentOperationsFor('Annotation', {
    table: 'annotation',
    column: 'documentbody',
    idProperty: 'AnnotationId',
  }),
  ...documentOperationsFor('Attachment', {
    table: 'activitymimeattachment',
    column: 'body',
    idProperty: 'ActivityMimeAttachmentId',
  }),
];

/** A table that stores a document as base64 in a text column. */
interface DocumentTable {
  readonly table: string;
  readonly column: string;
  /** Response property with the id of the row. */
  readonly idProperty: string;
}

function documentOperationsFor(name: string, documents: DocumentTable): readonly WebApiOperation[] {
  const target = { Target: 'required' } as const;
  return [
    {
      name: `Initialize${name}BlocksUpload`,
      kind: 'action',
      parameters: target,
      run: (call) => operationResponse(call, { FileContinuationToken: startDocumentUpload(call, documents) }),
    },
    {
      name: `Commit${name}BlocksUpload`,
      kind: 'action',
      parameters: { ...target, BlockList: 'required', FileContinuationToken: 'required' },
      run(call) {
        const bytes = commitUpload(call);
        const { id } = saveDocument(call, documents, bytes);
        return operationResponse(call, { [documents.idProperty]: id, FileSizeInBytes: bytes.length });
      },
    },
    {
      name: `Initialize${name}BlocksDownload`,
      kind: 'action',
      parameters: target,
      run: (call) => operationResponse(call, openDocument(call, documents)),
    },
  ];
}

function startDocumentUpload(call: OperationContext, { table, column }: DocumentTable): string {
  const id = readTargetId(call, table) ?? '';
  const upload = { table, id, column, fileName: '', mimeType: '', blocks: new Map() };
  return call.context.org.files.startUpload(upload);
}

/** The id in the `Target`. A note must have one, because the same operations also change it. */
function readTargetId(
  { operation, parameters, context }: OperationContext,
  table: string,
): string | undefined {
  const { Target: target } = parameters;
  if (!isJsonObject(target))
    throw invalidPayload(operation.name, "The parameter 'Target' must be an object.");
  const raw = target[requireTable(context.org.store.model, table).primaryId];
  const id = typeof raw === 'string' ? parseGuid(raw) : undefined;
  if (id || table !== 'annotation') return id;
  throw invalidPayload(operation.name, 'EdmEntityObject passed should have the key property value set.');
}

/** Creates the row of the `Target`, or updates the note with that id. */
function saveDocument(call: OperationContext, documents: DocumentTable, bytes: Uint8Array): StoredRow {
  const { context } = call;
  const { store } = context.org;
  const table = requireTable(store.model, documents.table);
  const isNote = documents.table === 'annotation';
  const id = readTargetId(call, documents.table);
  const row = id !== undefined && isNote ? findRow(store, table, { kind: 'id', id }) : undefined;
  const target = call.parameters.Target as JsonBody;
  const payload = readPayload(context, table, target, { creating: !row });
  const values: ColumnValues = {
    [documents.column]: Buffer.from(bytes).toString('base64'),
    filesize: bytes.length,
    ...(isNote ? { isdocument: true } : {}),
  };
  if (!row) return insertPayload(context, payload, values);
  return updatePayload(context, { ...payload, values: { ...payload.values, ...values } }, { row });
}

function openDocument(call: OperationContext, { table, column }: DocumentTable): object {
  const { id, values } = readRowParameter(call, 'Target', table);
  const text = values[column];
  if (typeof text !== 'string') throw invalidArgument('The row has no document.');
  return {
    FileContinuationToken: documentToken(table, id),
    FileSizeInBytes: Buffer.byteLength(text, 'base64'),
    FileName: values.filename ?? null,
  };
}
