import { expect } from 'chai';
import type { Checkpoint } from '../../../src/index.ts';
import { type KnownIssueFixture, openFixture } from './fixture.ts';

/** Issues that users of other connectors report about triggers, or that are visible in their code. */
describe('known issues of other connectors: triggers', () => {
  let fixture: KnownIssueFixture;
  beforeEach(async () => {
    fixture = await openFixture();
  });
  afterEach(() => fixture.close());

  it('reading only the first delta page, @removed instead of $deletedEntity: every deletion is reported', async () => {
    // Small pages, so that a few rows fill many of them.
    fixture.intercept((request, send) => {
      const { prefer = 'odata.maxpagesize=5000' } = request.headers;
      const headers = { ...request.headers, prefer: prefer.replace(/maxpagesize=\d+/, 'maxpagesize=50') };
      return send(request.method === 'GET' ? { ...request, headers } : request);
    });
    const ids = fixture.addRows('contact', 330);
    const { checkpoint } = await fixture.client.poll('contact.deleted');
    const { store } = fixture.organization;
    store.transaction(() => {
      for (const id of ids) store.delete('contact', id);
    });
    const reported = new Set<unknown>();
    let from: Checkpoint = checkpoint;
    for (let more = true; more; ) {
      const result = await fixture.client.poll('contact.deleted', {}, from);
      for (const { row } of result.items) reported.add(row.id);
      ({ checkpoint: from, hasMore: more } = result);
    }
    expect(reported.size).to.equal(330);
    expect(fixture.sent.filter(({ url }) => /delta|skip/i.test(url)).length).to.be.greaterThan(10);
  });

  it('adding a second to the cursor: rows of the same second as the last poll are reported once', async () => {
    let { checkpoint } = await fixture.client.poll('contact.created');
    const reported: unknown[] = [];
    for (let round = 0; round < 3; round++) {
      fixture.addRows('contact', 2);
      const result = await fixture.client.poll('contact.created', {}, checkpoint);
      reported.push(...result.items.map(({ row }) => row.id));
      ({ checkpoint } = result);
    }
    expect(reported.length).to.equal(6);
    expect(new Set(reported).size).to.equal(6);
  });

  it('reading the whole table on first activation: a first poll reads recent rows only', async () => {
    fixture.addRows('contact', 300);
    fixture.clock.ms += 24 * 3600_000;
    fixture.sent.length = 0;
    const { items } = await fixture.client.poll('contact.created');
    expect(items).to.deep.equal([]);
    expect(fixture.sent.filter(({ url }) => url.includes('/contacts')).length).to.be.at.most(2);
    for (const { url } of fixture.sent.filter((request) => request.url.includes('/contacts')))
      expect(new URL(url).searchParams.has('$filter')).to.equal(true);
  });

  it('no case triggers: every change of a case from creation to deletion is reported', async () => {
    const changes = [
      'created',
      'assigned',
      'priority-changed',
      'escalated',
      'resolved',
      'reopened',
      'deleted',
    ];
    const checkpoints = new Map<string, Checkpoint>();
    for (const change of changes)
      checkpoints.set(change, (await fixture.client.poll(`case.${change}`)).checkpoint);
    const reported = new Map<string, number>();
    const pollAll = async () => {
      for (const change of changes) {
        const { items, checkpoint } = await fixture.client.poll(
          `case.${change}`,
          {},
          checkpoints.get(change),
        );
        checkpoints.set(change, checkpoint);
        if (items.length > 0) reported.set(change, (reported.get(change) ?? 0) + items.length);
      }
    };
    const { id } = await fixture.newCase();
    await pollAll();
    const [team] = fixture.addRows('team', 1, () => ({ name: 'Second line' }));
    await fixture.run('case.assign', { id: id!, assignee: { table: 'team', id: team! } });
    await fixture.run('case.update', { id: id!, priority: 'high', escalated: true });
    await pollAll();
    await fixture.run('case.resolve', { id: id!, subject: 'New fuse' });
    await pollAll();
    await fixture.run('case.reopen', { id: id! });
    await pollAll();
    await fixture.run('case.delete', { id: id! });
    await pollAll();
    expect(Object.fromEntries(reported)).to.deep.equal(Object.fromEntries(changes.map((each) => [each, 1])));
  });

  it('crash on an expired delta token: the trigger scans the keys again and loses no deletion', async () => {
    const ids = fixture.addRows('contact', 5);
    let { checkpoint } = await fixture.client.poll('contact.deleted');
    fixture.organization.expireDeltaTokens();
    fixture.organization.store.delete('contact', ids[2]!);
    const reported: unknown[] = [];
    for (let more = true; more; ) {
      const result = await fixture.client.poll('contact.deleted', {}, checkpoint);
      reported.push(...result.items.map(({ row }) => row.id));
      ({ checkpoint, hasMore: more } = result);
    }
    expect(reported).to.deep.equal([ids[2]]);
  });

  it('looping triggers: the workflow’s own changes do not start it again', async () => {
    const [id, other] = fixture.addRows('contact', 2);
    const options = { ignoreChangesBy: 'self' };
    const { checkpoint } = await fixture.client.poll('contact.updated', {}, undefined, options);
    await fixture.run('contact.update', { id: id!, jobTitle: 'Buyer' });
    const colleague = { userId: fixture.addRows('systemuser', 1)[0]! };
    const change = { table: 'contact', id: other!, values: { jobtitle: 'Seller' }, actor: colleague };
    fixture.organization.store.update(change);
    const { items } = await fixture.client.poll('contact.updated', {}, checkpoint, options);
    expect(items.map(({ row }) => row.id)).to.deep.equal([other]);
  });

  it('missed late commits: a row that becomes visible after later ones is reported', async () => {
    const { store } = fixture.organization;
    let { checkpoint } = await fixture.client.poll('contact.created');
    const [late] = store.commitLater(fixture.clock.ms + 60_000, () => fixture.addRows('contact', 1));
    fixture.clock.ms += 30_000;
    const [early] = fixture.addRows('contact', 1);
    const first = await fixture.client.poll('contact.created', {}, checkpoint);
    expect(first.items.map(({ row }) => row.id)).to.deep.equal([early]);
    ({ checkpoint } = first);
    fixture.clock.ms += 60_000;
    const second = await fixture.client.poll('contact.created', {}, checkpoint);
    expect(second.items.map(({ row }) => row.id)).to.deep.equal([late]);
  });
});
