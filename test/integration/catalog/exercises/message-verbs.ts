import { expect } from 'chai';
import type { JsonObject } from '../../../../src/index.ts';
import type { Exercise } from './fixture.ts';
import { rolesOf } from './stored.ts';

/** What is done with messages and files. */
export const messageVerbs: Readonly<Record<string, Exercise>> = {
  async 'email.send'(stage) {
    const { id } = stage.add('email');
    for (const [role, table] of [
      [1, 'queue'],
      [2, 'contact'],
    ] as const)
      stage.add('activityparty', {
        activityid: { table: 'email', id },
        partyid: { table, id: stage.add(table).id },
        participationtypemask: role,
      });
    const { subject } = await stage.run('email.send', { id });
    expect(stage.stored('email', id)).to.include({ subject, statecode: 1, statuscode: 3 });
  },

  async 'email.send-new'(stage) {
    const link = (table: string) => ({ table, id: stage.add(table).id });
    const people = { from: link('queue'), to: link('contact'), cc: link('account'), bcc: link('lead') };
    const parties = Object.fromEntries(Object.entries(people).map(([role, who]) => [role, [who]]));
    const input: JsonObject = { subject: stage.text(), body: stage.text(), ...parties };
    const { id } = await stage.run('email.send-new', input);
    const words = { subject: input.subject, description: input.body };
    expect(stage.stored('email', id)).to.include({ ...words, statecode: 1, statuscode: 3 });
    const roles = Object.values(people).map((who, at) => `${at + 1} ${who.id}`);
    expect(rolesOf(stage, id)).to.deep.equal(roles);
  },

  async 'note.attach'(stage) {
    const regarding = { table: 'account', id: stage.add('account').id };
    const words = { fileName: 'photo.png', mimeType: 'image/png', subject: stage.text() };
    const content = Buffer.from('What is in the file.').toString('base64');
    const { id } = await stage.run('note.attach', { ...words, regarding, content });
    const wanted = { filename: 'photo.png', mimetype: 'image/png', isdocument: true, documentbody: content };
    expect(stage.stored('note', id)).to.include({ ...wanted, subject: words.subject, filesize: 20 });
    expect(stage.stored('note', id)!.objectid).to.deep.equal(regarding);
  },

  async 'note.download'(stage) {
    const content = Buffer.from('What is in the file.').toString('base64');
    const file = { filename: 'photo.png', mimetype: 'image/png', documentbody: content };
    const { id } = stage.add('note', file);
    const words = { fileName: 'photo.png', mimeType: 'image/png', size: 20 };
    expect(await stage.run('note.download', { id })).to.deep.equal({ ...words, content });
  },
};
