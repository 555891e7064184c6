import { expect } from 'chai';
import type { JsonObject } from '../../../../src/index.ts';
import type { CatalogFixture, Exercise } from './fixture.ts';
import { rolesOf } from './stored.ts';

/** Actions on appointments and on the files of activities. */
export const activityVerbs: Readonly<Record<string, Exercise>> = {
  async 'appointment.cancel'(fixture) {
    const { id } = fixture.add('appointment');
    const row = await fixture.run('appointment.cancel', { id });
    expect(row).to.include({ state: 'canceled', status: 'canceled' });
    expect(fixture.stored('appointment', id)).to.include({ statecode: 2, statuscode: 4 });
  },

  async 'attachment.list'(fixture) {
    const [email, appointment] = [fixture.add('email').id, fixture.add('appointment').id];
    const attach = (table: string, id: string) =>
      fixture.add('attachment', { objectid: { table, id }, filename: fixture.text() });
    const expected = [attach('email', email), attach('email', email)];
    const other = attach('appointment', appointment);
    const list = (input: JsonObject) => fixture.run<readonly JsonObject[]>('attachment.list', input);
    const rows = await list({ activityId: email });
    expect(rows.map(({ id }) => id)).to.have.members(expected.map(({ id }) => id));
    expect(rows[0]!.activity).to.include({ table: 'email', id: email });
    expect((await list({ activityId: appointment })).map(({ id }) => id)).to.deep.equal([other.id]);
  },

  async 'appointment.get-attendees'(fixture) {
    const { id, people } = await addAppointment(fixture);
    const roles = await fixture.run('appointment.get-attendees', { id });
    expect(idsByRole(roles)).to.deep.equal(people);
  },

  async 'appointment.set-attendees'(fixture) {
    const { id, people } = await addAppointment(fixture);
    const lead = { table: 'lead', id: fixture.add('lead').id };
    const roles = await fixture.run('appointment.set-attendees', { id, optionalAttendees: [lead] });
    expect(idsByRole(roles)).to.deep.equal({ ...people, optionalAttendees: [lead.id] });
    expect(rolesOf(fixture, id)).to.deep.equal([
      `5 ${people.requiredAttendees![0]}`,
      `6 ${lead.id}`,
      `7 ${people.organizer![0]}`,
    ]);
  },

  'appointment.attach': attach('appointment'),
  'email.attach': attach('email'),

  async 'attachment.download'(fixture) {
    const objectid = { table: 'email', id: fixture.add('email').id };
    const file = { filename: 'manual.pdf', mimetype: 'application/pdf', filesize: 5, body: 'aGVsbG8=' };
    const { id } = fixture.add('attachment', { objectid, ...file });
    expect(await fixture.run('attachment.download', { id })).to.deep.equal({
      fileName: 'manual.pdf',
      mimeType: 'application/pdf',
      size: 5,
      content: 'aGVsbG8=',
    });
  },
};

/** A file in one request, and one that is larger than a block. */
function attach(table: string): Exercise {
  return async (fixture) => {
    const { id } = fixture.add(table);
    for (const bytes of [Buffer.from('hello'), Buffer.alloc(3 * 1024 * 1024 + 1, 'x')]) {
      const content = bytes.toString('base64');
      const file = { fileName: 'manual.pdf', mimeType: 'application/pdf', content };
      const row = await fixture.run(`${table}.attach`, { id, ...file });
      expect(row).to.include({ fileName: 'manual.pdf', fileSize: bytes.length });
      const stored = fixture.stored('attachment', row.id)!;
      expect(stored).to.include({ filename: 'manual.pdf', mimetype: 'application/pdf' });
      expect(stored.body === content, 'the content').to.equal(true);
      expect(stored.objectid).to.deep.equal({ table, id });
    }
    if (table === 'email') expect(fixture.stored('email', id)).to.include({ attachmentcount: 2 });
  };
}

type People = Readonly<Record<string, readonly string[]>>;

/** Creates an appointment with one person in each role. */
async function addAppointment({ client, add, text }: CatalogFixture) {
  const tables = { requiredAttendees: 'contact', optionalAttendees: 'account', organizer: 'user' };
  const roles = Object.entries(tables).map(
    ([role, table]) => [role, [{ table, id: add(table).id }]] as const,
  );
  const times = { startOn: '2026-12-30T09:00:00Z', endOn: '2026-12-30T10:00:00Z' };
  const input = { subject: text(), ...times, ...Object.fromEntries(roles) };
  const { output } = await client.run('appointment.create', input);
  const people: People = Object.fromEntries(roles.map(([role, list]) => [role, list.map(({ id }) => id)]));
  return { id: (output as { readonly id: string }).id, people };
}

function idsByRole(roles: JsonObject): People {
  const lists = Object.entries(roles) as [string, readonly { readonly id: string }[]][];
  return Object.fromEntries(lists.map(([role, list]) => [role, list.map(({ id }) => id)]));
}
