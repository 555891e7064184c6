import { isImage } from '../model/attribute.ts';
import type { Attribute } from '../model/types.ts';
import { requireTable } from '../store/require-table.ts';
import { DataverseError, invalidArgument } from '../web-api/errors.ts';
import { storeFile } from '../web-api/file-columns.ts';
import { storeImage } from '../web-api/images.ts';
import { noContentResponse } from '../web-api/responses.ts';
import { updateRow } from '../web-api/write/rows.ts';
import { commitUpload, requireUpload } from './file-blocks.ts';
import { operationResponse, readRowParameter, readStringParameter } from './parameters.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

/**
 * Operations that upload and download the files of file columns in blocks.
 * https://learn.microsoft.com/power-apps/developer/data-platform/file-column-data
 */
export const fileOperations: readonly WebApiOperation[] = [
  {
    name: 'InitializeFileBlocksUpload',
    kind: 'action',
    parameters: { Target: 'required', FileAttributeName: 'required', FileName: 'required' },
    run: startFileUpload,
  },
  {
    name: 'CommitFileBlocksUpload',
    kind: 'action',
    parameters: {
      BlockList: 'required',
      FileContinuationToken: 'required',
      FileName: 'required',
      MimeType: 'required',
    },
    run: commitFileUpload,
  },
  {
    name: 'InitializeFileBlocksDownload',
    kind: 'action',
    parameters: { Target: 'required', FileAttributeName: 'required' },
    run: openFile,
  },
  { name: 'DeleteFile', kind: 'action', parameters: { FileId: 'required' }, run: removeFile },
];

function startFileUpload(call: OperationContext) {
  const { table, id } = readRowParameter(call, 'Target');
  const token = call.context.org.files.startUpload({
    table,
    id,
    column: readFileColumn(call).logicalName,
    fileName: readStringParameter(call, 'FileName'),
    mimeType: 'application/octet-stream',
    blocks: new Map(),
  });
  return operationResponse(call, { FileContinuationToken: token });
}

/** The file or image column that a call names. */
function readFileColumn(call: OperationContext): Attribute {
  const { model } = call.context.org.store;
  const name = readStringParameter(call, 'FileAttributeName');
  const table = requireTable(model, readRowParameter(call, 'Target').table);
  const attribute = model.attribute(table, name);
  if (attribute && (attribute.type === 'File' || isImage(attribute))) return attribute;
  throw invalidArgument(`'${name.slice(0, 100)}' is not a file column of '${table.logicalName}'.`);
}

function commitFileUpload(call: OperationContext) {
  const { context } = call;
  const { table, id, column } = requireUpload(call);
  const row = context.org.store.read(table, id);
  if (!row) throw invalidArgument('The row of the upload was deleted.');
  const bytes = commitUpload(call);
  const file = {
    fileName: readStringParameter(call, 'FileName'),
    mimeType: readStringParameter(call, 'MimeType'),
    bytes,
  };
  const attribute = context.org.store.model.attribute(requireTable(context.org.store.model, table), column);
  const FileId =
    attribute && isImage(attribute)
      ? storeImage(context, { row, attribute, bytes })
      : storeFile(context, { row, column }, file);
  return operationResponse(call, { FileId, FileSizeInBytes: bytes.length });
}

function openFile(call: OperationContext) {
  const row = readRowParameter(call, 'Target');
  const attribute = readFileColumn(call);
  const { logicalName } = attribute;
  const fileId = String(row.values[isImage(attribute) ? `${logicalName}id` : logicalName] ?? '');
  const file = call.context.org.files.get(fileId);
  if (!file) throw invalidArgument('The column has no file.');
  return operationResponse(call, {
    FileContinuationToken: fileId,
    FileSizeInBytes: file.bytes.length,
    FileName: file.fileName,
    IsChunkingSupported: true,
  });
}

/** Deletes a file and clears the column that holds it. */
function removeFile(call: OperationContext) {
  const { org } = call.context;
  const id = readStringParameter(call, 'FileId').toLowerCase();
  const location = org.files.get(id)?.location;
  if (!location)
    throw new DataverseError(404, '0x80040217', `fileattachment With Id = ${id.slice(0, 50)} Does Not Exist`);
  const { table, id: rowId, column } = location;
  if (org.store.read(table, rowId)?.values[column] === id) {
    updateRow(call.context, { table, id: rowId, values: { [column]: null } });
  }
  org.files.remove(id);
  return noContentResponse(call.context);
}
