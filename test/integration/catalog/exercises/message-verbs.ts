import { expect } from 'chai';
import type { JsonObject } from '../../../../src/index.ts';
import type { Exercise } from './fixture.ts';
import { rolesOf } from './stored.ts';

/** Actions on emails and files. */
export const messageVerbs: Readonly<Record<string, Exercise>> = {
  async 'email.send'(fixture) {
    const { id } = fixture.add('email');
    for (const [role, table] of [
      [1, 'queue'],
      [2, 'contact'],
    ] as const)
      fixture.add('activityparty', {
        activityid: { table: 'email', id },
        partyid: { table, id: fixture.add(table).id },
        participationtypemask: role,
      });
    const { subject } = await fixture.run('email.send', { id });
    expect(fixture.stored('email', id)).to.include({ subject, statecode: 1, statuscode: 3 });
  },

  async 'email.send-new'(fixture) {
    const link = (table: string) => ({ table, id: fixture.add(table).id });
    const people = { from: link('queue'), to: link('contact'), cc: link('account'), bcc: link('lead') };
    const parties = Object.fromEntries(Object.entries(people).map(([role, who]) => [role, [who]]));
    const attachments = [{ fileName: 'manual.pdf', content: 'aGVsbG8=' }];
    const input: JsonObject = { subject: fixture.text(), body: fixture.text(), ...parties };
    const { id } = await fixture.run('email.send-new', { ...input, attachments });
    const [file] = fixture.rowsWith('attachment', { objectid: String(id) });
    expect(file!.values).to.include({ filename: 'manual.pdf', body: 'aGVsbG8=' });
    const words = { subject: input.subject, description: input.body };
    expect(fixture.stored('email', id)).to.include({ ...words, statecode: 1, statuscode: 3 });
    const roles = Object.values(people).map((who, at) => `${at + 1} ${who.id}`);
    expect(rolesOf(fixture, id)).to.deep.equal(roles);
  },

  async 'note.attach'(fixture) {
    const regarding = { table: 'account', id: fixture.add('account').id };
    const words = { fileName: 'photo.png', mimeType: 'image/png', subject: fixture.text() };
    const content = Buffer.from('What is in the file.').toString('base64');
    const { id } = await fixture.run('note.attach', { ...words, regarding, content });
    const expected = {
      filename: 'photo.png',
      mimetype: 'image/png',
      isdocument: true,
      documentbody: content,
    };
    expect(fixture.stored('note', id)).to.include({ ...expected, subject: words.subject, filesize: 20 });
    expect(fixture.stored('note', id)!.objectid).to.deep.equal(regarding);
  },

  async 'note.download'(fixture) {
    const content = Buffer.from('What is in the file.').toString('base64');
    const file = { filename: 'photo.png', mimetype: 'image/png', documentbody: content };
    const { id } = fixture.add('note', file);
    const words = { fileName: 'photo.png', mimeType: 'image/png', size: 20 };
    expect(await fixture.run('note.download', { id })).to.deep.equal({ ...words, content });
  },
};
