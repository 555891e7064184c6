import type { StoredRow } from '../store/types.ts';
import { invalidArgument, invalidPayload } from '../web-api/errors.ts';
import { findRow, parseGuid } from '../web-api/row-key.ts';
import { isJsonObject, readPayload } from '../web-api/write/read-payload.ts';
import { insertPayload, updatePayload } from '../web-api/write/save-payload.ts';
import { commitUpload, documentColumns, documentToken } from './file-blocks.ts';
import { operationResponse, readRowParameter } from './parameters.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

/**
 * Documents of notes and attachments in blocks. The messages about both are the same, but a note must bring its id.
 * https://learn.microsoft.com/power-apps/developer/data-platform/attachment-annotation-files
 */
export const documentOperations: readonly WebApiOperation[] = [
  ...documentOperationsFor('Annotation', { table: 'annotation', answer: 'AnnotationId' }),
  ...documentOperationsFor('Attachment', {
    table: 'activitymimeattachment',
    answer: 'ActivityMimeAttachmentId',
  }),
];

function documentOperationsFor(
  name: string,
  { table, answer: idProperty }: { readonly table: string; readonly answer: string },
): readonly WebApiOperation[] {
  const target = { Target: 'required' } as const;
  return [
    {
      name: `Initialize${name}BlocksUpload`,
      kind: 'action',
      parameters: target,
      run: (call) => operationResponse(call, { FileContinuationToken: startDocumentUpload(call, table) }),
    },
    {
      name: `Commit${name}BlocksUpload`,
      kind: 'action',
      parameters: { ...target, BlockList: 'required', FileContinuationToken: 'required' },
      run(call) {
        const bytes = commitUpload(call);
        const { id } = saveDocument(call, table, bytes);
        return operationResponse(call, { [idProperty]: id, FileSizeInBytes: bytes.length });
      },
    },
    {
      name: `Initialize${name}BlocksDownload`,
      kind: 'action',
      parameters: target,
      run: (call) => operationResponse(call, openDocument(call, table)),
    },
  ];
}

function startDocumentUpload(call: OperationContext, table: string): string {
  const column = documentColumns[table]!;
  const id = readTargetId(call, table) ?? '';
  const upload = { table, id, column, fileName: '', mimeType: '', blocks: new Map() };
  return call.context.org.files.startUpload(upload);
}

/** The id that the target brings; a note must have one, so that the same messages can change it. */
function readTargetId(
  { operation, parameters, context }: OperationContext,
  table: string,
): string | undefined {
  const { Target: target } = parameters;
  if (!isJsonObject(target))
    throw invalidPayload(operation.name, "The parameter 'Target' must be an object.");
  const raw = target[context.org.store.model.table(table)!.primaryId];
  const id = typeof raw === 'string' ? parseGuid(raw) : undefined;
  if (id || table !== 'annotation') return id;
  throw invalidPayload(operation.name, 'EdmEntityObject passed should have the key property value set.');
}

/** Makes the row that the target describes, or changes the note that it names. */
function saveDocument(call: OperationContext, name: string, bytes: Uint8Array): StoredRow {
  const { context } = call;
  const { store } = context.org;
  const table = store.model.table(name)!;
  const id = readTargetId(call, name);
  const row =
    id === undefined || name !== 'annotation' ? undefined : findRow(store, table, { kind: 'id', id });
  const described = call.parameters.Target as Readonly<Record<string, unknown>>;
  const payload = readPayload(context, table, described, { creating: !row });
  const text = Buffer.from(bytes).toString('base64');
  const isNote = name === 'annotation' && { isdocument: true };
  const values = { [documentColumns[name]!]: text, filesize: bytes.length, ...isNote };
  if (!row) return insertPayload(context, payload, values);
  return updatePayload(context, { ...payload, values: { ...payload.values, ...values } }, { row });
}

function openDocument(call: OperationContext, table: string): object {
  const { id, values } = readRowParameter(call, 'Target', table);
  const text = values[documentColumns[table]!];
  if (typeof text !== 'string') throw invalidArgument('The row holds no file.');
  return {
    FileContinuationToken: documentToken(table, id),
    FileSizeInBytes: Buffer.byteLength(text, 'base64'),
    FileName: values.filename ?? null,
  };
}
