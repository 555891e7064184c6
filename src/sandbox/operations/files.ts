import { noContent } from '../protocol/answer.ts';
import { joinBytes, storeFile } from '../protocol/files.ts';
import { badArgument } from '../protocol/refusal.ts';
import type { Upload } from '../protocol/types.ts';
import type { Row } from '../store/types.ts';
import { answerOf, integerParameter, listParameter, rowParameter, textParameter } from './parameters.ts';
import type { Call, Operation } from './types.ts';

/** Largest block of an upload, decoded. */
const maxBlock = 4 * 1024 * 1024;

/**
 * Uploads and downloads in blocks, for file columns and the documents of notes.
 * https://learn.microsoft.com/power-apps/developer/data-platform/file-column-data
 */
export const fileOperations: readonly Operation[] = [
  {
    name: 'InitializeFileBlocksUpload',
    kind: 'action',
    parameters: { Target: 'required', FileAttributeName: 'required', FileName: 'required' },
    run: (call) => begin(call, { column: fileColumn(call), fileName: textParameter(call, 'FileName') }),
  },
  {
    name: 'InitializeAnnotationBlocksUpload',
    kind: 'action',
    parameters: { Target: 'required' },
    run: (call) => begin(call, { column: 'documentbody', fileName: '' }),
  },
  {
    name: 'UploadBlock',
    kind: 'action',
    parameters: { BlockId: 'required', BlockData: 'required', FileContinuationToken: 'required' },
    run(call) {
      const bytes = Buffer.from(textParameter(call, 'BlockData'), 'base64');
      if (bytes.length > maxBlock) throw badArgument('A block must not be larger than 4 MB.');
      uploadOf(call).blocks.set(textParameter(call, 'BlockId'), bytes);
      return noContent(call.exchange);
    },
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
    run: commitFile,
  },
  {
    name: 'CommitAnnotationBlocksUpload',
    kind: 'action',
    parameters: { Target: 'required', BlockList: 'required', FileContinuationToken: 'required' },
    run: commitNote,
  },
  {
    name: 'InitializeFileBlocksDownload',
    kind: 'action',
    parameters: { Target: 'required', FileAttributeName: 'required' },
    run(call) {
      const { exchange } = call;
      const row = rowParameter(call, 'Target');
      const fileId = String(row.values[fileColumn(call)] ?? '');
      const file = exchange.org.files.get(fileId);
      if (!file) throw badArgument('The column holds no file.');
      return answerOf(call, {
        FileContinuationToken: fileId,
        FileSizeInBytes: file.bytes.length,
        FileName: file.fileName,
        IsChunkingSupported: true,
      });
    },
  },
  {
    name: 'InitializeAnnotationBlocksDownload',
    kind: 'action',
    parameters: { Target: 'required' },
    run: openNote,
  },
  {
    name: 'DownloadBlock',
    kind: 'action',
    parameters: { Offset: 'required', BlockLength: 'required', FileContinuationToken: 'required' },
    run(call) {
      const file = call.exchange.org.files.get(textParameter(call, 'FileContinuationToken'));
      if (!file) throw badArgument('The FileContinuationToken is not valid.');
      const from = Math.max(0, integerParameter(call, 'Offset'));
      const to = from + Math.max(0, Math.min(integerParameter(call, 'BlockLength'), maxBlock));
      return answerOf(call, { Data: Buffer.from(file.bytes.subarray(from, to)).toString('base64') });
    },
  },
];

/** A note keeps its file as base64; it is laid out as bytes under the note's id until it is opened again. */
function openNote(call: Call) {
  const { files } = call.exchange.org;
  const { id, values } = rowParameter(call, 'Target', 'annotation');
  if (typeof values.documentbody !== 'string') throw badArgument('The note holds no file.');
  const fileName = String(values.filename ?? '');
  const bytes = Buffer.from(values.documentbody, 'base64');
  files.put(id, { fileName, mimeType: String(values.mimetype ?? ''), bytes });
  return answerOf(call, { FileContinuationToken: id, FileSizeInBytes: bytes.length, FileName: fileName });
}

function begin(call: Call, { column, fileName }: { column: string; fileName: string }) {
  const { table, id } = rowParameter(call, 'Target');
  const upload = { table, id, column, fileName, mimeType: 'application/octet-stream', blocks: new Map() };
  return answerOf(call, { FileContinuationToken: call.exchange.org.files.begin(upload) });
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

function uploadOf(call: Call): Upload {
  const upload = call.exchange.org.files.upload(textParameter(call, 'FileContinuationToken'));
  if (!upload) throw badArgument('The FileContinuationToken is not valid.');
  return upload;
}

/** The blocks of an upload in the order that the caller lists. */
function assembled(call: Call): Uint8Array {
  const { blocks } = uploadOf(call);
  const pieces = listParameter(call, 'BlockList').map((id) => blocks.get(String(id)));
  if (pieces.some((piece) => piece === undefined))
    throw badArgument('The BlockList names a block that was not uploaded.');
  return joinBytes(pieces as Uint8Array[]);
}

function commitFile(call: Call) {
  const { exchange } = call;
  const bytes = assembled(call);
  const upload = uploadOf(call);
  const row: Row = exchange.org.store.read(upload.table, upload.id) ?? gone();
  const fileName = textParameter(call, 'FileName');
  const FileId = storeFile(
    exchange,
    { row, column: upload.column },
    { fileName, mimeType: textParameter(call, 'MimeType'), bytes },
  );
  exchange.org.files.finish(textParameter(call, 'FileContinuationToken'));
  return answerOf(call, { FileId, FileSizeInBytes: bytes.length });
}

function commitNote(call: Call) {
  const { org, actor } = call.exchange;
  const { table, id } = rowParameter(call, 'Target');
  const bytes = assembled(call);
  const values = {
    documentbody: Buffer.from(bytes).toString('base64'),
    filesize: bytes.length,
    isdocument: true,
  };
  org.store.update({ table, id, values, actor });
  org.files.finish(textParameter(call, 'FileContinuationToken'));
  return answerOf(call, { AnnotationId: id, FileSizeInBytes: bytes.length });
}

function gone(): never {
  throw badArgument('The row of the upload does not exist any more.');
}
