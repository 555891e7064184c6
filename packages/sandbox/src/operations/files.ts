import { noContent } from '../protocol/answer.ts';
import { storeFile } from '../protocol/files.ts';
import { badArgument, refuse } from '../protocol/refusal.ts';
import { finishUpload, uploadOf } from './blocks.ts';
import { answerOf, rowParameter, textParameter } from './parameters.ts';
import type { Call, Operation } from './types.ts';

/**
 * Files of file columns in blocks.
 * https://learn.microsoft.com/power-apps/developer/data-platform/file-column-data
 */
export const fileOperations: readonly Operation[] = [
  {
    name: 'InitializeFileBlocksUpload',
    kind: 'action',
    parameters: { Target: 'required', FileAttributeName: 'required', FileName: 'required' },
    run: begin,
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
    run: commit,
  },
  {
    name: 'InitializeFileBlocksDownload',
    kind: 'action',
    parameters: { Target: 'required', FileAttributeName: 'required' },
    run: open,
  },
  { name: 'DeleteFile', kind: 'action', parameters: { FileId: 'required' }, run: remove },
];

function begin(call: Call) {
  const { table, id } = rowParameter(call, 'Target');
  const FileContinuationToken = call.exchange.org.files.begin({
    ...{ table, id, column: fileColumn(call), fileName: textParameter(call, 'FileName') },
    ...{ mimeType: 'application/octet-stream', blocks: new Map() },
  });
  return answerOf(call, { FileContinuationToken });
}

function fileColumn(call: Call): string {
  const { model } = call.exchange.org.store;
  const name = textParameter(call, 'FileAttributeName');
  const table = model.table(rowParameter(call, 'Target').table)!;
  if (model.attribute(table, name)?.type !== 'File') {
    throw badArgument(`'${name.slice(0, 100)}' is not a file column of '${table.logicalName}'.`);
  }
  return name;
}

function commit(call: Call) {
  const { exchange } = call;
  const { table, id, column } = uploadOf(call);
  const row = exchange.org.store.read(table, id);
  if (!row) throw badArgument('The row of the upload does not exist any more.');
  const bytes = finishUpload(call);
  const file = {
    fileName: textParameter(call, 'FileName'),
    mimeType: textParameter(call, 'MimeType'),
    bytes,
  };
  const FileId = storeFile(exchange, { row, column }, file);
  return answerOf(call, { FileId, FileSizeInBytes: bytes.length });
}

function open(call: Call) {
  const row = rowParameter(call, 'Target');
  const fileId = String(row.values[fileColumn(call)] ?? '');
  const file = call.exchange.org.files.get(fileId);
  if (!file) throw badArgument('The column holds no file.');
  return answerOf(call, {
    FileContinuationToken: fileId,
    FileSizeInBytes: file.bytes.length,
    FileName: file.fileName,
    IsChunkingSupported: true,
  });
}

/** Takes a file away, and with it the value of its column where a row still has it. */
function remove(call: Call) {
  const { org, actor } = call.exchange;
  const id = textParameter(call, 'FileId').toLowerCase();
  const place = org.files.get(id)?.place;
  if (!place) throw refuse(404, '0x80040217', `fileattachment With Id = ${id.slice(0, 50)} Does Not Exist`);
  const { table, id: rowId, column } = place;
  if (org.store.read(table, rowId)?.values[column] === id) {
    org.store.update({ table, id: rowId, values: { [column]: null }, actor });
  }
  org.files.remove(id);
  return noContent(call.exchange);
}
