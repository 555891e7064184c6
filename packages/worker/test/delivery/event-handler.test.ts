import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import type { Client } from 'dynamics365-connector';
import { loadHandlerDelivery } from '../../src/delivery/event-handler.ts';
import { createStdoutDelivery } from '../../src/delivery/stdout.ts';
import { createItem } from '../worker-store-contract.ts';

const delivery = {
  sequence: 1,
  subscription: 'a',
  trigger: 'case.created',
  target: 'new-cases',
  rowId: 'row',
  item: createItem('e1'),
  attempt: 2,
  refusals: 0,
};
const { signal } = new AbortController();
/** A client that only its origin tells from others. */
const client = { origin: 'https://contoso.crm.dynamics.com' } as unknown as Client;

describe('worker: loadHandlerDelivery', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'd365-handler-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const writeModule = async (text: string) => {
    const file = join(folder, 'handler.mjs');
    await writeFile(file, text);
    return file;
  };

  it('calls the handler with item and context; rejects the event if it throws', async () => {
    const deliver = await loadHandlerDelivery(
      await writeModule(
        'export default async (item, { signal, client, ...context }) => { throw new Error(JSON.stringify([item.id, client.origin, context])); };',
      ),
      client,
    );
    const message = await deliver(delivery, signal).catch((error: Error) => error.message);
    expect(JSON.parse(message as string)).to.deep.equal([
      'e1',
      'https://contoso.crm.dynamics.com',
      { subscription: 'a', trigger: 'case.created', attempt: 2, replayed: false },
    ]);
  });

  it('rejects a module that cannot be loaded or has no function as its default export', async () => {
    for (const text of ['export const handle = 1;', 'export default {', 'throw new Error("no")']) {
      const error = await loadHandlerDelivery(await writeModule(text), client).catch(
        (reason: unknown) => reason,
      );
      expect(error, text).to.have.property('code', 'SETTING_INVALID');
      await rm(folder, { recursive: true });
      folder = await mkdtemp(join(tmpdir(), 'd365-handler-'));
    }
    expect(
      await loadHandlerDelivery(join(folder, 'missing.mjs'), client).catch((error: unknown) => error),
    ).to.have.property('code', 'SETTING_INVALID');
  });
});

describe('worker: createStdoutDelivery', () => {
  it('writes one line of JSON for each event', async () => {
    const stream = new PassThrough();
    await createStdoutDelivery(stream)(delivery, signal);
    const text = String(stream.read());
    expect(text).to.match(/^[^\n]+\n$/);
    expect(JSON.parse(text)).to.deep.equal({ subscription: 'a', trigger: 'case.created', ...delivery.item });
  });

  it('rejects the event if the stream is closed', async () => {
    const stream = new PassThrough();
    stream.on('error', () => {});
    stream.destroy();
    const error = await createStdoutDelivery(stream)(delivery, signal).catch((reason: Error) => reason);
    expect(error).to.be.an('error');
  });
});
