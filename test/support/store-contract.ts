import { expect } from 'chai';
import fc from 'fast-check';
import type { StateStore } from '../../src/model/runtime-services.ts';

/** The contract of a StateStore. */
export function describeStore(name: string, create: () => StateStore): void {
  describe(`StateStore ${name}`, () => {
    it('returns the value that was set, with a version that grows', async () => {
      const store = create();
      expect(await store.get('a')).to.equal(undefined);
      await store.set('a', 'one');
      const first = await store.get('a');
      await store.set('a', 'two ü 漢 \u0000');
      const second = await store.get('a');
      expect(first?.value).to.equal('one');
      expect(second?.value).to.equal('two ü 漢 \u0000');
      expect(second!.version).to.be.greaterThan(first!.version);
    });

    it('replaces a value only if its version is the expected one', async () => {
      const store = create();
      expect(await store.replace('a', 'first', undefined)).to.equal(true);
      expect(await store.replace('a', 'second', undefined)).to.equal(false);
      const { version } = (await store.get('a'))!;
      expect(await store.replace('a', 'next', version)).to.equal(true);
      expect(await store.replace('a', 'late', version)).to.equal(false);
      expect(await store.replace('b', 'none', version)).to.equal(false);
      expect((await store.get('a'))?.value).to.equal('next');
    });

    it('never accepts a version from before a delete', async () => {
      const store = create();
      await store.set('a', 'old');
      const { version } = (await store.get('a'))!;
      await store.delete('a');
      await store.set('a', 'new');
      expect(await store.replace('a', 'stale', version)).to.equal(false);
      expect((await store.get('a'))?.value).to.equal('new');
    });

    it('lists the keys with a prefix, in order', async () => {
      const store = create();
      for (const key of ['poll/b', 'poll/a', 'poll', 'poll/', 'token/a', 'poll%']) await store.set(key, '');
      await store.delete('token/a');
      expect(await store.keys('poll/')).to.deep.equal(['poll/', 'poll/a', 'poll/b']);
      expect(await store.keys('')).to.have.length(5);
      expect(await store.keys('token')).to.deep.equal([]);
    });

    it('getMany: returns the entries that exist', async () => {
      const store = create();
      await store.set('a', '1');
      await store.set('b', '2');
      const found = await store.getMany(['b', 'missing', 'a']);
      expect([...found.keys()].sort()).to.deep.equal(['a', 'b']);
      expect(found.get('b')).to.deep.equal(await store.get('b'));
      expect((await store.getMany([])).size).to.equal(0);
    });

    it('list: returns a bounded number of entries after a key, in order', async () => {
      const store = create();
      for (const key of ['log/03', 'log/01', 'log/02', 'log/04', 'logs/05', 'lo']) await store.set(key, key);
      const listed = await store.list('log/', { after: 'log/01', maxCount: 2 });
      expect(listed.map(({ key, value }) => [key, value])).to.deep.equal([
        ['log/02', 'log/02'],
        ['log/03', 'log/03'],
      ]);
      expect(listed[0]?.version).to.equal((await store.get('log/02'))?.version);
      expect(await store.list('log/', { after: '', maxCount: 9 })).to.have.length(4);
      expect(await store.list('log/', { after: 'log/04', maxCount: 9 })).to.deep.equal([]);
    });

    it('writeMany: writes all keys only if one has the expected version', async () => {
      const store = create();
      const writes = new Map<string, string | undefined>([
        ['head', '1'],
        ['entry', 'x'],
        ['old', undefined],
      ]);
      await store.set('old', 'o');
      expect(await store.writeMany(writes, { key: 'head', version: 7 })).to.equal(false);
      expect(await store.keys('')).to.deep.equal(['old']);
      expect(await store.writeMany(writes, { key: 'head', version: undefined })).to.equal(true);
      expect(await store.keys('')).to.deep.equal(['entry', 'head']);
      expect(await store.writeMany(new Map([['head', '2']]), { key: 'head', version: undefined })).to.equal(
        false,
      );
      const version = (await store.get('head'))?.version;
      expect(await store.writeMany(new Map([['head', '2']]), { key: 'head', version })).to.equal(true);
      expect(await store.writeMany(new Map([['head', undefined]]))).to.equal(true);
      expect(await store.keys('')).to.deep.equal(['entry']);
    });

    it('behaves like a Map for any sequence of calls', async () => {
      const key = fc.constantFrom('a', 'b', 'a/b', '__proto__', "'; DROP TABLE state; --");
      const step = fc.record({
        operation: fc.constantFrom('set', 'delete', 'replace', 'replaceStale'),
        key,
        value: fc.string(),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
          const store = create();
          const model = new Map<string, string>();
          for (const { operation, key, value } of steps) {
            const version = (await store.get(key))?.version;
            if (operation === 'delete') await store.delete(key);
            else if (operation === 'set') await store.set(key, value);
            else if (operation === 'replace') expect(await store.replace(key, value, version)).to.equal(true);
            else expect(await store.replace(key, value, (version ?? 0) + 1_000_000)).to.equal(false);
            if (operation === 'delete') model.delete(key);
            else if (operation !== 'replaceStale') model.set(key, value);
          }
          expect(await store.keys('')).to.deep.equal([...model.keys()].sort());
          for (const [key, value] of model) expect((await store.get(key))?.value).to.equal(value);
        }),
        { numRuns: 40 },
      );
    });
  });
}
