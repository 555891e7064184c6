import { expect } from 'chai';
import type { Exercise } from './fixture.ts';
import { rolesOf } from './stored.ts';

/** What Customer Service does with a case. */
export const caseVerbs: Readonly<Record<string, Exercise>> = {
  async 'case.resolve'(stage) {
    const { id } = stage.add('case');
    const waiting = stage.add('queueitem', { objectid: { table: 'incident', id } });
    const words = { subject: stage.text(), description: stage.text() };
    await stage.run('case.resolve', { id, ...words, minutesSpent: 20, status: 'information-provided' });
    expect(stage.stored('case', id)).to.include({ statecode: 1, statuscode: 1000 });
    const [resolution] = stage.rowsWith('incidentresolution', { incidentid: id });
    expect(resolution!.values).to.include({ ...words, timespent: 20, statecode: 1 });
    expect(stage.stored('queueitem', waiting.id)).to.include({ statecode: 1 });
  },

  async 'case.cancel'(stage) {
    const { id } = stage.add('case');
    await stage.run('case.cancel', { id });
    expect(stage.stored('case', id)).to.include({ statecode: 2, statuscode: 6 });
  },

  async 'case.reopen'(stage) {
    for (const statecode of [1, 2]) {
      const { id } = stage.add('case', { statecode });
      await stage.run('case.reopen', { id });
      expect(stage.stored('case', id)).to.include({ statecode: 0, statuscode: 1 });
    }
  },

  async 'case.calculate-time'(stage) {
    const { id } = stage.add('case');
    const regardingobjectid = { table: 'incident', id };
    stage.add('task', { regardingobjectid, actualdurationminutes: 30 });
    stage.add('phonecall', { regardingobjectid, actualdurationminutes: 15 });
    stage.add('task', { actualdurationminutes: 99 });
    expect(await stage.run('case.calculate-time', { id })).to.deep.equal({ minutes: 45 });
  },

  async 'case.apply-routing-rule'(stage) {
    const { id } = stage.add('case', { routecase: false });
    await stage.run('case.apply-routing-rule', { id });
    expect(stage.stored('case', id)).to.include({ routecase: true });
  },

  async 'case.reply-by-email'(stage) {
    const contact = { table: 'contact', id: stage.add('contact').id };
    const { id, values } = stage.add('case', { primarycontactid: contact });
    const body = `<p>${stage.text()}</p>`;
    const sent = await stage.run('case.reply-by-email', { id, body });
    const mail = stage.stored('email', sent.id)!;
    const subject = `RE: ${values.title} ${values.ticketnumber}`;
    expect(mail).to.include({ subject, description: body, statecode: 1, statuscode: 3, directioncode: true });
    expect(mail.regardingobjectid).to.deep.equal({ table: 'incident', id });
    expect(rolesOf(stage, sent.id)).to.deep.equal([`1 ${stage.me.id}`, `2 ${contact.id}`]);
  },
};
