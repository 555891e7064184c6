import { expect } from 'chai';
import type { JsonObject } from '../../../../src/index.ts';
import type { Exercise } from './fixture.ts';

/** What Sales does with leads and opportunities. */
export const salesVerbs: Readonly<Record<string, Exercise>> = {
  async 'lead.qualify'(stage) {
    const [company, person] = [stage.text(), stage.text()];
    const { id, values } = stage.add('lead', { companyname: company, lastname: person });
    const made = await stage.run<readonly JsonObject[]>('lead.qualify', { id });
    expect(stage.stored('lead', id)).to.include({ statecode: 1, statuscode: 3 });
    const names = { account: 'name', contact: 'lastname', opportunity: 'name' };
    const found = made.map(({ table, id: row }) => {
      const stored = stage.stored(String(table), row)!;
      expect(stored.originatingleadid).to.deep.equal({ table: 'lead', id });
      return [table, stored[names[table as keyof typeof names]]];
    });
    expect(found).to.deep.equal([
      ['account', company],
      ['contact', person],
      ['opportunity', values.subject],
    ]);
  },

  async 'opportunity.win'(stage) {
    const { id } = stage.add('opportunity');
    const words = { subject: stage.text(), description: stage.text() };
    const closing = { actualValue: 1500, closedOn: '2026-03-01T09:00:00Z' };
    await stage.run('opportunity.win', { id, ...words, ...closing });
    expect(stage.stored('opportunity', id)).to.include({
      statecode: 1,
      statuscode: 3,
      actualvalue: '1500.0000',
    });
    const [close] = stage.rowsWith('opportunityclose', { opportunityid: id });
    expect(close!.values).to.include({ ...words, actualend: closing.closedOn });
  },

  async 'opportunity.lose'(stage) {
    for (const [status, statuscode] of [
      ['canceled', 4],
      ['out-sold', 5],
    ] as const) {
      const { id } = stage.add('opportunity');
      const subject = stage.text();
      await stage.run('opportunity.lose', { id, subject, status });
      expect(stage.stored('opportunity', id)).to.include({ statecode: 2, statuscode, actualvalue: null });
      const [close] = stage.rowsWith('opportunityclose', { opportunityid: id });
      expect(close!.values).to.include({ subject });
    }
  },

  async 'opportunity.reopen'(stage) {
    for (const statecode of [1, 2]) {
      const { id } = stage.add('opportunity', { statecode });
      await stage.run('opportunity.reopen', { id });
      expect(stage.stored('opportunity', id)).to.include({ statecode: 0, statuscode: 1 });
    }
  },
};
