import { expect } from 'chai';
import type { Exercise } from './fixture.ts';
import { rolesOf } from './stored.ts';

/** The actions of Customer Service on a case. */
export const caseVerbs: Readonly<Record<string, Exercise>> = {
  async 'case.resolve'(fixture) {
    const { id } = fixture.add('case');
    const waiting = fixture.add('queueitem', { objectid: { table: 'incident', id } });
    const words = { subject: fixture.text(), description: fixture.text() };
    await fixture.run('case.resolve', { id, ...words, minutesSpent: 20, status: 'information-provided' });
    expect(fixture.stored('case', id)).to.include({ statecode: 1, statuscode: 1000 });
    const [resolution] = fixture.rowsWith('incidentresolution', { incidentid: id });
    expect(resolution!.values).to.include({ ...words, timespent: 20, statecode: 1 });
    expect(fixture.stored('queueitem', waiting.id)).to.include({ statecode: 1 });
  },

  async 'case.cancel'(fixture) {
    const { id } = fixture.add('case');
    await fixture.run('case.cancel', { id });
    expect(fixture.stored('case', id)).to.include({ statecode: 2, statuscode: 6 });
  },

  async 'case.reopen'(fixture) {
    for (const statecode of [1, 2]) {
      const { id } = fixture.add('case', { statecode });
      await fixture.run('case.reopen', { id });
      expect(fixture.stored('case', id)).to.include({ statecode: 0, statuscode: 1 });
    }
  },

  async 'case.calculate-time'(fixture) {
    const { id } = fixture.add('case');
    const regardingobjectid = { table: 'incident', id };
    fixture.add('task', { regardingobjectid, actualdurationminutes: 30 });
    fixture.add('phonecall', { regardingobjectid, actualdurationminutes: 15 });
    fixture.add('task', { actualdurationminutes: 99 });
    expect(await fixture.run('case.calculate-time', { id })).to.deep.equal({ minutes: 45 });
  },

  async 'case.apply-routing-rule'(fixture) {
    const { id } = fixture.add('case', { routecase: false });
    await fixture.run('case.apply-routing-rule', { id });
    expect(fixture.stored('case', id)).to.include({ routecase: true });
  },

  async 'case.reply-by-email'(fixture) {
    const contact = { table: 'contact', id: fixture.add('contact').id };
    const { id, values } = fixture.add('case', { primarycontactid: contact });
    const body = `<p>${fixture.text()}</p>`;
    const sent = await fixture.run('case.reply-by-email', { id, body });
    const mail = fixture.stored('email', sent.id)!;
    const subject = `RE: ${values.title} ${values.ticketnumber}`;
    expect(mail).to.include({ subject, description: body, statecode: 1, statuscode: 3, directioncode: true });
    expect(mail.regardingobjectid).to.deep.equal({ table: 'incident', id });
    expect(rolesOf(fixture, sent.id)).to.deep.equal([`1 ${fixture.me.id}`, `2 ${contact.id}`]);
  },

  async 'case.rate'(fixture) {
    const { id } = fixture.add('case');
    const row = await fixture.run('case.rate', { id, satisfaction: 'dissatisfied' });
    expect(row).to.include({ satisfaction: 'dissatisfied' });
    expect(fixture.stored('case', id)).to.include({ customersatisfactioncode: 2 });
  },
};
