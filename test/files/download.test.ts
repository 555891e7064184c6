import { expect } from 'chai';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import { downloadFromNote } from '../../src/files/download.ts';
import { blockBytes, toBase64 } from '../../src/files/split-blocks.ts';
import { uploadToNote } from '../../src/files/upload.ts';
import { downloadFile } from '../../src/handlers/file-handlers.ts';
import type { JsonObject } from '../../src/index.ts';
import type { Connection } from '../../src/run/connection.ts';

const noteId = '2a8f6a3e-6f0c-4b6e-9f0e-6f1f6a3e2b10';

/** A connection whose organization answers the requests for a file in its own way. */
function answering(answers: {
  readonly open?: JsonObject;
  readonly block?: (offset: number) => JsonObject;
}): Connection {
  const pipeline = async ({ url, body }: { url: string; body?: JsonObject }) => {
    const file = { filename: 'a.txt', mimetype: 'text/plain', isdocument: true };
    const message = /(\w+)$/.exec(url.split('?')[0] ?? '')?.[1] ?? '';
    const answer = message.startsWith('Initialize')
      ? (answers.open ?? {})
      : message === 'DownloadBlock'
        ? answers.block?.(Number(body?.Offset))
        : file;
    return { status: 200, headers: {}, body: answer };
  };
  const services = { uuid: () => '00000000-0000-4000-8000-000000000001' };
  return {
    pipeline,
    services,
    baseUrl: 'https://contoso.crm.dynamics.com/api/data/v9.2',
  } as unknown as Connection;
}

async function download(answers: Parameters<typeof answering>[0]): Promise<number> {
  const { content } = await downloadFromNote(answering(answers), noteId);
  let bytes = 0;
  for await (const block of content) bytes += block.length;
  return bytes;
}

async function failure(call: Promise<unknown>): Promise<ConnectorError> {
  const error = await call.then(
    (value) => expect.fail(`succeeded with ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  );
  expect(error).to.be.instanceOf(ConnectorError);
  return error as ConnectorError;
}

const opened = (size: unknown) => ({ FileContinuationToken: 'token', FileSizeInBytes: size as number });
const bytes = (length: number) => ({ Data: toBase64(new Uint8Array(length)) });

describe('a file that the organization sends wrongly', () => {
  it('is complete if every block has the bytes that were asked for', async () => {
    const size = blockBytes + 5;
    const block = (offset: number) => bytes(Math.min(blockBytes, size - offset));
    expect(await download({ open: opened(size), block })).to.equal(size);
    expect(await download({ open: opened(String(size)), block })).to.equal(size);
    expect(await download({ open: opened(0), block })).to.equal(0);
  });

  const blocks: Readonly<Record<string, JsonObject>> = {
    'a short block': bytes(100),
    'no bytes': bytes(0),
    'a long block': bytes(10_001),
    'a block that is not base64': { Data: '?' },
    'a block that is a number': { Data: 7 },
    'no data': {},
    'an answer that is a list': [] as unknown as JsonObject,
  };
  for (const [name, block] of Object.entries(blocks)) {
    it(`fails by name for ${name}, and is not padded with zeros`, async () => {
      const error = await failure(download({ open: opened(10_000), block: () => block }));
      expect(error).to.include({ code: 'RESPONSE_INVALID' });
      expect(error.message).to.match(/block of the file/);
    });
  }

  const sizes = [1e13, -1, 1.5, Number.NaN, '12a', null, {}, '99999999999999999999'];
  for (const size of sizes) {
    it(`fails by name for the size ${JSON.stringify(size)}, and reserves no memory for it`, async () => {
      const error = await failure(download({ open: opened(size), block: () => bytes(1) }));
      expect(error).to.include({ code: 'RESPONSE_INVALID' });
    });
  }

  it('fails by name if it cannot be opened: without a token, or with an answer that is no object', async () => {
    for (const open of [
      { FileSizeInBytes: 3 },
      [] as unknown as JsonObject,
      { FileContinuationToken: 1, FileSizeInBytes: 3 },
    ])
      expect(await failure(download({ open }))).to.include({ code: 'RESPONSE_INVALID' });
  });

  it('note.download refuses a file that does not fit a text, before it reads a block', async () => {
    let read = 0;
    const connection = answering({
      open: opened(300 * 1024 * 1024),
      block: () => {
        read += 1;
        return bytes(1);
      },
    });
    const context = { connection, action: { id: 'note.download' }, options: {} } as never;
    const error = await failure(Promise.resolve(downloadFile({ id: noteId }, context)));
    expect(error).to.include({ code: 'RESPONSE_TOO_LARGE' });
    expect(error.advice).to.contain('client.downloadFile');
    expect(read).to.equal(0);
  });

  it('an upload fails by name if it gets no token', async () => {
    const upload = { noteId, fileName: 'a', mimeType: 'b', content: [new Uint8Array(1)] };
    const error = await failure(uploadToNote(answering({ open: {} }), upload));
    expect(error).to.include({ code: 'RESPONSE_INVALID' });
  });
});
