import { expect } from 'chai';
import { createMemoryStore } from 'dynamics365-connector/host';
import { createBufferedStore } from '../src/buffered-store.ts';

describe('worker: createBufferedStore', () => {
  it('returns its own writes without changing the stored values', async () => {
    const stored = createMemoryStore();
    await stored.set('poll/a', 'old');
    await stored.set('poll/b', 'kept');
    const buffer = createBufferedStore(stored);
    await buffer.set('poll/a', 'new');
    await buffer.set('poll/c', 'more');
    await buffer.delete('poll/b');
    expect((await buffer.get('poll/a'))?.value).to.equal('new');
    expect(await buffer.get('poll/b')).to.equal(undefined);
    expect(await buffer.keys('poll/')).to.deep.equal(['poll/a', 'poll/c']);
    expect((await stored.get('poll/a'))?.value).to.equal('old');
    expect(await stored.keys('poll/')).to.deep.equal(['poll/a', 'poll/b']);
  });

  it('collects writes and deletions', async () => {
    const buffer = createBufferedStore(createMemoryStore());
    await buffer.set('a', '1');
    await buffer.delete('b');
    expect([...buffer.writes]).to.deep.equal([
      ['a', '1'],
      ['b', undefined],
    ]);
  });

  it('replace: creates an entry only if it does not exist', async () => {
    const stored = createMemoryStore();
    await stored.set('existing', 'x');
    const buffer = createBufferedStore(stored);
    expect(await buffer.replace('existing', 'y', undefined)).to.equal(false);
    expect(await buffer.replace('new', 'y', undefined)).to.equal(true);
    expect(await buffer.replace('new', 'z', undefined)).to.equal(false);
  });
});
