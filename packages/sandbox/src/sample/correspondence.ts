import { referenceTo } from '../store/entity-reference.ts';
import type { ColumnValues, EntityReference, StoredRow } from '../store/types.ts';
import type { SampleBuilder } from './sample-builder.ts';
import { notes, replies } from './sample-texts.ts';

/** A case with the agent and the contact who correspond about it. */
interface Correspondence {
  readonly agent: StoredRow;
  readonly contact: StoredRow;
  readonly about: StoredRow;
  /** Start of the correspondence, in days ago. */
  readonly from: number;
  /** End of the correspondence, in days ago; not greater than `from`. */
  readonly until: number;
  /** Whether the case is open, so that tasks can be open. */
  readonly open: boolean;
}

/** Adds e-mails, phone calls, tasks and notes to a case. */
export function addCorrespondence(builder: SampleBuilder, correspondence: Correspondence): void {
  const { agent, about, from, until } = correspondence;
  const when = () => ({
    by: { userId: agent.id },
    daysAgo: until + ((from - until) * builder.randomInteger(1, 9)) / 10,
  });
  const common = { regardingobjectid: referenceTo(about), ownerid: referenceTo(agent) };
  for (let left = builder.randomInteger(0, 2); left > 0; left--) addEmail(builder, correspondence, when());
  if (builder.randomBoolean(40)) addPhoneCall(builder, correspondence, when());
  if (builder.randomBoolean(35)) {
    const at = when();
    const done = !correspondence.open || builder.randomBoolean(50);
    const state: ColumnValues = done ? { statecode: 1, statuscode: 5 } : { statuscode: 2 };
    const due = { scheduledend: builder.dateTimeDaysAgo(at.daysAgo - 2) };
    builder.add(
      'task',
      { ...common, ...state, ...due, subject: `Call back about ${about.values.ticketnumber}` },
      at,
    );
  }
  if (builder.randomBoolean(50)) {
    const text = { subject: 'Note', notetext: builder.pickRandom(notes) };
    builder.add('annotation', { ...text, objectid: referenceTo(about), ownerid: referenceTo(agent) }, when());
  }
}

interface ActivityTime {
  readonly by: { readonly userId: string };
  readonly daysAgo: number;
}

function addEmail(
  builder: SampleBuilder,
  { agent, contact, about }: Correspondence,
  when: ActivityTime,
): void {
  const incoming = builder.randomBoolean(50);
  const mail = builder.insert(
    'email',
    {
      subject: `${incoming ? 'Re: ' : ''}${about.values.title} ${about.values.ticketnumber}`,
      description: incoming ? 'Thank you. Please see my answers below.' : builder.pickRandom(replies),
      directioncode: !incoming,
      regardingobjectid: referenceTo(about),
      ownerid: referenceTo(agent),
      statecode: 1,
      statuscode: incoming ? 4 : 3,
      senton: builder.dateTimeDaysAgo(when.daysAgo),
    },
    when,
  );
  const [sender, receiver] = incoming ? [contact, agent] : [agent, contact];
  addParty(builder, { activity: mail, party: sender, mask: 1 }, when);
  addParty(builder, { activity: mail, party: receiver, mask: 2 }, when);
}

function addPhoneCall(
  builder: SampleBuilder,
  { agent, contact, about }: Correspondence,
  when: ActivityTime,
): void {
  const call = builder.insert(
    'phonecall',
    {
      subject: `Call about ${about.values.ticketnumber}`,
      phonenumber: contact.values.mobilephone ?? null,
      directioncode: true,
      regardingobjectid: referenceTo(about),
      ownerid: referenceTo(agent),
      actualdurationminutes: builder.randomInteger(2, 30),
      statecode: 1,
      statuscode: 2,
    },
    when,
  );
  addParty(builder, { activity: call, party: agent, mask: 1 }, when);
  addParty(builder, { activity: call, party: contact, mask: 2 }, when);
}

function addParty(
  builder: SampleBuilder,
  { activity, party, mask }: { activity: EntityReference; party: StoredRow; mask: number },
  when: ActivityTime,
): void {
  const address = party.values.emailaddress1 ?? party.values.internalemailaddress ?? null;
  builder.add(
    'activityparty',
    {
      activityid: referenceTo(activity),
      partyid: referenceTo(party),
      participationtypemask: mask,
      addressused: address,
      partyidname: party.values.fullname ?? null,
    },
    when,
  );
}
