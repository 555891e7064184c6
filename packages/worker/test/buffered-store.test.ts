import { expect } from 'chai';
import { createMemoryStore } from 'dynamics365-connector/host';
import { createBufferedStore } from '../src/buffered-store.ts';

describe('worker: the state of a poll', () => {
  it('is seen by the poll as it wrote it, and by nobody else', async () => {
    const stored = createMemoryStore();
    await stored.set('poll/a', 'old');
    await stored.set('poll/b', 'stays');
    const view = createBufferedStore(stored);
    await view.set('poll/a', 'new');
    await view.set('poll/c', 'more');
    await view.delete('poll/b');
    expect((await view.get('poll/a'))?.value).to.equal('new');
    expect(await view.get('poll/b')).to.equal(undefined);
    expect(await view.keys('poll/')).to.deep.equal(['poll/a', 'poll/c']);
    expect((await stored.get('poll/a'))?.value).to.equal('old');
    expect(await stored.keys('poll/')).to.deep.equal(['poll/a', 'poll/b']);
  });

  it('hands over its writes, removals among them', async () => {
    const view = createBufferedStore(createMemoryStore());
    await view.set('a', '1');
    await view.delete('b');
    expect([...view.writes]).to.deep.equal([
      ['a', '1'],
      ['b', undefined],
    ]);
  });

  it('sets a value only where there is none', async () => {
    const stored = createMemoryStore();
    await stored.set('there', 'x');
    const view = createBufferedStore(stored);
    expect(await view.replace('there', 'y', undefined)).to.equal(false);
    expect(await view.replace('new', 'y', undefined)).to.equal(true);
    expect(await view.replace('new', 'z', undefined)).to.equal(false);
  });
});
