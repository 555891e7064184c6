import { expect } from 'chai';
import { createSeededRandom } from '../../src/random.ts';
import { loadSample } from '../../src/sample/load-sample.ts';
import { seedRoles } from '../../src/security/seed-roles.ts';
import { openOrganizationStore } from '../../src/store/open-organization-store.ts';
import type { ColumnValue, OrganizationStore } from '../../src/store/types.ts';
import { parseTestFilter } from '../store/fixture.ts';

const now = Date.UTC(2024, 4, 15, 10, 30);
const actor = { userId: '00000000-0000-4000-8000-00000000000a' };

function sample(seed: number): OrganizationStore {
  const random = createSeededRandom(seed);
  const store = openOrganizationStore({ now: () => now, random: random.next, newId: random.uuid });
  const { table, id } = store.insert('businessunit', { name: 'Contoso' }, actor);
  seedRoles(store, { organizationId: id, unit: { table, id }, actor });
  loadSample(store, { random, nowMs: now });
  return store;
}

describe('loadSample', () => {
  const store = sample(1);
  after(() => store.close());
  const values = (table: string, column: string): ColumnValue[] =>
    store.query(table, { actor }).rows.map((row) => row.values[column]!);
  const count = (table: string, filter: string) =>
    store.count(table, { filter: parseTestFilter(filter), actor });

  it('adds cases in all states with their related rows', () => {
    expect(store.count('incident')).to.equal(60);
    expect(new Set(values('incident', 'statecode'))).to.deep.equal(new Set([0, 1, 2]));
    const resolved = count('incident', 'statecode eq 1');
    expect(resolved).to.equal(store.count('incidentresolution'));
    expect(count('incident', 'statecode eq 1 and not Incident_IncidentResolutions/any()')).to.equal(0);
    expect(count('email', 'not email_activity_parties/any(p:p/participationtypemask eq 1)')).to.equal(0);
  });

  it('adds users, queues, customers, sales rows and articles', () => {
    for (const table of [
      'account',
      'contact',
      'task',
      'phonecall',
      'annotation',
      'queueitem',
      'lead',
      'knowledgearticle',
    ]) {
      expect(store.count(table), table).to.be.at.least(5);
    }
    expect(new Set(values('opportunity', 'statecode'))).to.deep.equal(new Set([0, 1, 2]));
    expect(count('account', '_primarycontactid_value eq null')).to.equal(0);
  });

  it('uses past times, with modifiedon not before createdon', () => {
    for (const table of ['incident', 'email', 'account', 'opportunity']) {
      expect(count(table, 'createdon gt 2024-05-15T10:30:00Z'), table).to.equal(0);
      expect(count(table, 'modifiedon lt createdon'), table).to.equal(0);
    }
    expect(new Set(values('incident', 'createdon')).size).to.be.greaterThan(50);
  });

  it('gives the same rows for the same seed and other rows for another seed', () => {
    const titles = (each: OrganizationStore) =>
      each.query('incident', { actor }).rows.map(({ id, values: row }) => [id, row.title]);
    const [same, other] = [sample(1), sample(2)];
    expect(titles(same)).to.deep.equal(titles(store));
    expect(titles(other)).not.to.deep.equal(titles(store));
    same.close();
    other.close();
  });
});
