import { expect } from 'chai';
import type { Checkpoint } from '../../../src/index.ts';
import { type KnownIssueFixture, openFixture } from './fixture.ts';

/** What users of other connectors report of triggers, and what can be read in their code: shown not to happen here. */
describe('pains of other connectors, triggers', function () {
  this.timeout(20_000);
  let stage: KnownIssueFixture;
  beforeEach(async () => {
    stage = await openFixture();
  });
  afterEach(() => stage.close());

  it('reading only the first delta page, @removed instead of $deletedEntity: every deletion is told', async () => {
    // The organization gives small pages, so that a few rows make many.
    stage.intercept((request, send) => {
      const { prefer = 'odata.maxpagesize=5000' } = request.headers;
      const headers = { ...request.headers, prefer: prefer.replace(/maxpagesize=\d+/, 'maxpagesize=50') };
      return send(request.method === 'GET' ? { ...request, headers } : request);
    });
    const ids = stage.addRows('contact', 330);
    const { checkpoint } = await stage.client.poll('contact.deleted');
    const { store } = stage.organization;
    store.transaction(() => {
      for (const id of ids) store.delete('contact', id);
    });
    const told = new Set<unknown>();
    let place: Checkpoint = checkpoint;
    for (let more = true; more; ) {
      const result = await stage.client.poll('contact.deleted', {}, place);
      for (const { row } of result.items) told.add(row.id);
      ({ checkpoint: place, hasMore: more } = result);
    }
    expect(told.size).to.equal(330);
    expect(stage.sent.filter(({ url }) => /delta|skip/i.test(url)).length).to.be.greaterThan(10);
  });

  it('adding a second to the cursor: what comes in the same second as the last poll is told, once', async () => {
    let { checkpoint } = await stage.client.poll('contact.created');
    const told: unknown[] = [];
    for (let round = 0; round < 3; round++) {
      stage.addRows('contact', 2);
      const result = await stage.client.poll('contact.created', {}, checkpoint);
      told.push(...result.items.map(({ row }) => row.id));
      ({ checkpoint } = result);
    }
    expect(told.length).to.equal(6);
    expect(new Set(told).size).to.equal(6);
  });

  it('walking the whole table on first activation: a trigger that begins asks for what is new', async () => {
    stage.addRows('contact', 300);
    stage.clock.ms += 24 * 3600_000;
    stage.sent.length = 0;
    const { items } = await stage.client.poll('contact.created');
    expect(items).to.deep.equal([]);
    expect(stage.sent.filter(({ url }) => url.includes('/contacts')).length).to.be.at.most(2);
    for (const { url } of stage.sent.filter((request) => request.url.includes('/contacts')))
      expect(new URL(url).searchParams.has('$filter')).to.equal(true);
  });

  it('no case triggers: the life of a case is told from its creation to its removal', async () => {
    const stations = [
      'created',
      'assigned',
      'priority-changed',
      'escalated',
      'resolved',
      'reopened',
      'deleted',
    ];
    const places = new Map<string, Checkpoint>();
    for (const station of stations)
      places.set(station, (await stage.client.poll(`case.${station}`)).checkpoint);
    const told = new Map<string, number>();
    const listen = async () => {
      for (const station of stations) {
        const { items, checkpoint } = await stage.client.poll(`case.${station}`, {}, places.get(station));
        places.set(station, checkpoint);
        if (items.length > 0) told.set(station, (told.get(station) ?? 0) + items.length);
      }
    };
    const { id } = await stage.newCase();
    await listen();
    const [team] = stage.addRows('team', 1, () => ({ name: 'Second line' }));
    await stage.run('case.assign', { id: id!, assignee: { table: 'team', id: team! } });
    await stage.run('case.update', { id: id!, priority: 'high', escalated: true });
    await listen();
    await stage.run('case.resolve', { id: id!, subject: 'New fuse' });
    await listen();
    await stage.run('case.reopen', { id: id! });
    await listen();
    await stage.run('case.delete', { id: id! });
    await listen();
    expect(Object.fromEntries(told)).to.deep.equal(Object.fromEntries(stations.map((each) => [each, 1])));
  });

  it('expired delta token as a crash: the trigger begins its walk anew, and no deletion is lost', async () => {
    const ids = stage.addRows('contact', 5);
    let { checkpoint } = await stage.client.poll('contact.deleted');
    stage.organization.expireDeltaTokens();
    stage.organization.store.delete('contact', ids[2]!);
    const told: unknown[] = [];
    for (let more = true; more; ) {
      const result = await stage.client.poll('contact.deleted', {}, checkpoint);
      told.push(...result.items.map(({ row }) => row.id));
      ({ checkpoint, hasMore: more } = result);
    }
    expect(told).to.deep.equal([ids[2]]);
  });

  it('looping triggers: what the workflow itself changed does not start it again', async () => {
    const [id, other] = stage.addRows('contact', 2);
    const options = { ignoreChangesBy: 'self' };
    const { checkpoint } = await stage.client.poll('contact.updated', {}, undefined, options);
    await stage.run('contact.update', { id: id!, jobTitle: 'Buyer' });
    const colleague = { userId: stage.addRows('systemuser', 1)[0]! };
    const change = { table: 'contact', id: other!, values: { jobtitle: 'Seller' }, actor: colleague };
    stage.organization.store.update(change);
    const { items } = await stage.client.poll('contact.updated', {}, checkpoint, options);
    expect(items.map(({ row }) => row.id)).to.deep.equal([other]);
  });

  it('late triggers: a row that becomes visible after later ones is told all the same', async () => {
    const { store } = stage.organization;
    let { checkpoint } = await stage.client.poll('contact.created');
    const [late] = store.commitLater(stage.clock.ms + 60_000, () => stage.addRows('contact', 1));
    stage.clock.ms += 30_000;
    const [early] = stage.addRows('contact', 1);
    const first = await stage.client.poll('contact.created', {}, checkpoint);
    expect(first.items.map(({ row }) => row.id)).to.deep.equal([early]);
    ({ checkpoint } = first);
    stage.clock.ms += 60_000;
    const second = await stage.client.poll('contact.created', {}, checkpoint);
    expect(second.items.map(({ row }) => row.id)).to.deep.equal([late]);
  });
});
