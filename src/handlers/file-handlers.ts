import { fromBase64 } from '../auth/base64.ts';
import { ConnectorError } from '../errors/connector-error.ts';
import { downloadFromNote } from '../files/download.ts';
import { toBase64 } from '../files/split-blocks.ts';
import { uploadToNote } from '../files/upload.ts';
import type { JsonObject } from '../model/json.ts';
import type { Handler } from './handler.ts';

/** Adds a note with a file to a row, and returns the note. */
export const attachFile: Handler = async ({ content, ...note }, { connection, run, options }) => {
  const bytes = fromBase64(String(content)) ?? throwNotBase64();
  const { output } = await run('note.create', note);
  const id = String((output as JsonObject).id);
  await uploadToNote(connection, {
    noteId: id,
    fileName: String(note.fileName),
    mimeType: String(note.mimeType),
    content: [bytes],
    signal: options.signal,
  });
  return (await run('note.get', { id })).output;
};

/** Downloads the file of a note as base64. */
export const downloadFile: Handler = async ({ id }, { connection, options }) => {
  const { fileName, mimeType, size, content } = await downloadFromNote(
    connection,
    String(id),
    options.signal,
  );
  const whole = new Uint8Array(size);
  let at = 0;
  for await (const block of content) {
    whole.set(block, at);
    at += block.length;
  }
  return { fileName, mimeType, size, content: toBase64(whole) };
};

function throwNotBase64(): never {
  const issues = [{ path: '/content', message: 'must be base64', keyword: 'format' }];
  throw new ConnectorError('INPUT_INVALID', '/content must be base64', { issues });
}
