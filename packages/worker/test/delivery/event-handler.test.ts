import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { loadHandlerDelivery } from '../../src/delivery/event-handler.ts';
import { createStdoutDelivery } from '../../src/delivery/stdout.ts';
import { createItem } from '../worker-store-contract.ts';

const delivery = {
  sequence: 1,
  subscription: 'a',
  trigger: 'case.created',
  item: createItem('e1'),
  attempt: 2,
};
const { signal } = new AbortController();

describe('worker: a handler', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'd365-handler-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const module = async (text: string) => {
    const file = join(folder, 'handler.mjs');
    await writeFile(file, text);
    return file;
  };

  it('gets the item and what is known of it; when it throws, the event was not taken', async () => {
    const deliver = await loadHandlerDelivery(
      await module(
        'export default async (item, { signal, ...context }) => { throw new Error(JSON.stringify([item.id, context])); };',
      ),
    );
    const end = await deliver(delivery, signal).catch((error: Error) => error.message);
    expect(JSON.parse(end as string)).to.deep.equal([
      'e1',
      { subscription: 'a', trigger: 'case.created', attempt: 2 },
    ]);
  });

  it('that is none is told when the worker starts', async () => {
    for (const text of ['export const handle = 1;', 'export default {', 'throw new Error("no")']) {
      const end = await loadHandlerDelivery(await module(text)).catch((error: unknown) => error);
      expect(end, text).to.have.property('code', 'SETTING_INVALID');
      await rm(folder, { recursive: true });
      folder = await mkdtemp(join(tmpdir(), 'd365-handler-'));
    }
    expect(
      await loadHandlerDelivery(join(folder, 'nowhere.mjs')).catch((error: unknown) => error),
    ).to.have.property('code', 'SETTING_INVALID');
  });
});

describe('worker: standard output', () => {
  it('gets one line of JSON for each event, and keeps it that has taken it', async () => {
    const stream = new PassThrough();
    await createStdoutDelivery(stream)(delivery, signal);
    const text = String(stream.read());
    expect(text).to.match(/^[^\n]+\n$/);
    expect(JSON.parse(text)).to.deep.equal({ subscription: 'a', trigger: 'case.created', ...delivery.item });
  });

  it('that is closed has not taken the event', async () => {
    const stream = new PassThrough();
    stream.on('error', () => {});
    stream.destroy();
    const end = await createStdoutDelivery(stream)(delivery, signal).catch((error: Error) => error);
    expect(end).to.be.an('error');
  });
});
