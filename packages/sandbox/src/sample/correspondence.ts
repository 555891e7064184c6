import type { Reference, Row, Values } from '../store/types.ts';
import { refer, type Stage } from './stage.ts';
import { notes, replies } from './words.ts';

/** What passes between an agent and a contact about a case. */
interface Correspondence {
  readonly agent: Row;
  readonly contact: Row;
  readonly about: Row;
  /** Days ago, the larger first. */
  readonly from: number;
  readonly until: number;
  /** Tasks may still be open. */
  readonly open: boolean;
}

/** Mails, calls, tasks and notes of a case. */
export function addCorrespondence(stage: Stage, told: Correspondence): void {
  const { agent, about, from, until } = told;
  const when = () => ({
    by: { userId: agent.id },
    daysAgo: until + ((from - until) * stage.between(1, 9)) / 10,
  });
  const common = { regardingobjectid: refer(about), ownerid: refer(agent) };
  for (let left = stage.between(0, 2); left > 0; left--) addMail(stage, told, when());
  if (stage.chance(40)) addCall(stage, told, when());
  if (stage.chance(35)) {
    const at = when();
    const done = !told.open || stage.chance(50);
    const state: Values = done ? { statecode: 1, statuscode: 5 } : { statuscode: 2 };
    const due = { scheduledend: stage.moment(at.daysAgo - 2) };
    stage.add(
      'task',
      { ...common, ...state, ...due, subject: `Call back about ${about.values.ticketnumber}` },
      at,
    );
  }
  if (stage.chance(50)) {
    const text = { subject: 'Note', notetext: stage.pick(notes) };
    stage.add('annotation', { ...text, objectid: refer(about), ownerid: refer(agent) }, when());
  }
}

interface When {
  readonly by: { readonly userId: string };
  readonly daysAgo: number;
}

function addMail(stage: Stage, { agent, contact, about }: Correspondence, when: When): void {
  const incoming = stage.chance(50);
  const mail = stage.add(
    'email',
    {
      subject: `${incoming ? 'Re: ' : ''}${about.values.title} ${about.values.ticketnumber}`,
      description: incoming ? 'Thank you. Please see my answers below.' : stage.pick(replies),
      directioncode: !incoming,
      regardingobjectid: refer(about),
      ownerid: refer(agent),
      statecode: 1,
      statuscode: incoming ? 4 : 3,
      senton: stage.moment(when.daysAgo),
    },
    when,
  );
  const [sender, receiver] = incoming ? [contact, agent] : [agent, contact];
  addParty(stage, { activity: mail, party: sender, mask: 1 }, when);
  addParty(stage, { activity: mail, party: receiver, mask: 2 }, when);
}

function addCall(stage: Stage, { agent, contact, about }: Correspondence, when: When): void {
  const call = stage.add(
    'phonecall',
    {
      subject: `Call about ${about.values.ticketnumber}`,
      phonenumber: contact.values.mobilephone ?? null,
      directioncode: true,
      regardingobjectid: refer(about),
      ownerid: refer(agent),
      actualdurationminutes: stage.between(2, 30),
      statecode: 1,
      statuscode: 2,
    },
    when,
  );
  addParty(stage, { activity: call, party: agent, mask: 1 }, when);
  addParty(stage, { activity: call, party: contact, mask: 2 }, when);
}

function addParty(
  stage: Stage,
  { activity, party, mask }: { activity: Reference; party: Row; mask: number },
  when: When,
): void {
  const address = party.values.emailaddress1 ?? party.values.internalemailaddress ?? null;
  stage.add(
    'activityparty',
    {
      activityid: refer(activity),
      partyid: refer(party),
      participationtypemask: mask,
      addressused: address,
      partyidname: party.values.fullname ?? null,
    },
    when,
  );
}
