import { findRow, readGuid } from '../protocol/key.ts';
import { badArgument, badPayload } from '../protocol/refusal.ts';
import { isObject, readPayload } from '../protocol/write/payload.ts';
import { insertPayload, updatePayload } from '../protocol/write/save.ts';
import type { Row } from '../store/types.ts';
import { documentColumns, documentToken, finishUpload } from './blocks.ts';
import { answerOf, rowParameter } from './parameters.ts';
import type { Call, Operation } from './types.ts';

/**
 * Documents of notes and attachments in blocks. The messages about both are the same, but a note must bring its id.
 * https://learn.microsoft.com/power-apps/developer/data-platform/attachment-annotation-files
 */
export const documentOperations: readonly Operation[] = [
  ...messagesAbout('Annotation', { table: 'annotation', answer: 'AnnotationId' }),
  ...messagesAbout('Attachment', { table: 'activitymimeattachment', answer: 'ActivityMimeAttachmentId' }),
];

function messagesAbout(
  name: string,
  { table, answer }: { readonly table: string; readonly answer: string },
): readonly Operation[] {
  const target = { Target: 'required' } as const;
  return [
    {
      name: `Initialize${name}BlocksUpload`,
      kind: 'action',
      parameters: target,
      run: (call) => answerOf(call, { FileContinuationToken: begin(call, table) }),
    },
    {
      name: `Commit${name}BlocksUpload`,
      kind: 'action',
      parameters: { ...target, BlockList: 'required', FileContinuationToken: 'required' },
      run(call) {
        const bytes = finishUpload(call);
        const { id } = save(call, table, bytes);
        return answerOf(call, { [answer]: id, FileSizeInBytes: bytes.length });
      },
    },
    {
      name: `Initialize${name}BlocksDownload`,
      kind: 'action',
      parameters: target,
      run: (call) => answerOf(call, open(call, table)),
    },
  ];
}

function begin(call: Call, table: string): string {
  const column = documentColumns[table]!;
  const id = idOf(call, table) ?? '';
  const upload = { table, id, column, fileName: '', mimeType: '', blocks: new Map() };
  return call.exchange.org.files.begin(upload);
}

/** The id that the target brings; a note must have one, so that the same messages can change it. */
function idOf({ operation, parameters, exchange }: Call, table: string): string | undefined {
  const { Target: target } = parameters;
  if (!isObject(target)) throw badPayload(operation.name, "The parameter 'Target' must be an object.");
  const raw = target[exchange.org.store.model.table(table)!.primaryId];
  const id = typeof raw === 'string' ? readGuid(raw) : undefined;
  if (id || table !== 'annotation') return id;
  throw badPayload(operation.name, 'EdmEntityObject passed should have the key property value set.');
}

/** Makes the row that the target describes, or changes the note that it names. */
function save(call: Call, name: string, bytes: Uint8Array): Row {
  const { exchange } = call;
  const { store } = exchange.org;
  const table = store.model.table(name)!;
  const id = idOf(call, name);
  const row =
    id === undefined || name !== 'annotation' ? undefined : findRow(store, table, { kind: 'id', id });
  const described = call.parameters.Target as Readonly<Record<string, unknown>>;
  const payload = readPayload(exchange, table, described, { creating: !row });
  const text = Buffer.from(bytes).toString('base64');
  const isNote = name === 'annotation' && { isdocument: true };
  const values = { [documentColumns[name]!]: text, filesize: bytes.length, ...isNote };
  if (!row) return insertPayload(exchange, payload, values);
  return updatePayload(exchange, { ...payload, values: { ...payload.values, ...values } }, { row });
}

function open(call: Call, table: string): object {
  const { id, values } = rowParameter(call, 'Target', table);
  const text = values[documentColumns[table]!];
  if (typeof text !== 'string') throw badArgument('The row holds no file.');
  return {
    FileContinuationToken: documentToken(table, id),
    FileSizeInBytes: Buffer.byteLength(text, 'base64'),
    FileName: values.filename ?? null,
  };
}
