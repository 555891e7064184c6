import { expect } from 'chai';
import type { JsonObject } from '../../../../src/index.ts';
import type { Exercise } from './fixture.ts';

/** The actions of Sales on leads and opportunities. */
export const salesVerbs: Readonly<Record<string, Exercise>> = {
  async 'lead.qualify'(fixture) {
    const [company, person] = [fixture.text(), fixture.text()];
    const { id, values } = fixture.add('lead', { companyname: company, lastname: person });
    const made = await fixture.run<readonly JsonObject[]>('lead.qualify', { id });
    expect(fixture.stored('lead', id)).to.include({ statecode: 1, statuscode: 3 });
    const names = { account: 'name', contact: 'lastname', opportunity: 'name' };
    const found = made.map(({ table, id: row }) => {
      const stored = fixture.stored(String(table), row)!;
      expect(stored.originatingleadid).to.deep.equal({ table: 'lead', id });
      return [table, stored[names[table as keyof typeof names]]];
    });
    expect(found).to.deep.equal([
      ['account', company],
      ['contact', person],
      ['opportunity', values.subject],
    ]);
  },

  async 'opportunity.win'(fixture) {
    const { id } = fixture.add('opportunity');
    const words = { subject: fixture.text(), description: fixture.text() };
    const closing = { actualValue: 1500, closedOn: '2026-03-01T09:00:00Z' };
    await fixture.run('opportunity.win', { id, ...words, ...closing });
    expect(fixture.stored('opportunity', id)).to.include({
      statecode: 1,
      statuscode: 3,
      actualvalue: '1500.0000',
    });
    const [close] = fixture.rowsWith('opportunityclose', { opportunityid: id });
    expect(close!.values).to.include({ ...words, actualend: closing.closedOn });
  },

  async 'opportunity.lose'(fixture) {
    for (const [status, statuscode] of [
      ['canceled', 4],
      ['out-sold', 5],
    ] as const) {
      const { id } = fixture.add('opportunity');
      const subject = fixture.text();
      await fixture.run('opportunity.lose', { id, subject, status });
      expect(fixture.stored('opportunity', id)).to.include({ statecode: 2, statuscode, actualvalue: null });
      const [close] = fixture.rowsWith('opportunityclose', { opportunityid: id });
      expect(close!.values).to.include({ subject });
    }
  },

  async 'opportunity.reopen'(fixture) {
    for (const statecode of [1, 2]) {
      const { id } = fixture.add('opportunity', { statecode });
      await fixture.run('opportunity.reopen', { id });
      expect(fixture.stored('opportunity', id)).to.include({ statecode: 0, statuscode: 1 });
    }
  },
};
