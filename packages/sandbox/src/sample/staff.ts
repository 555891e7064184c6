import { setRoles } from '../security/member-roles.ts';
import { referenceTo } from '../store/entity-reference.ts';
import type { Actor, EntityReference, StoredRow } from '../store/types.ts';
import type { SampleBuilder } from './sample-builder.ts';
import { agents } from './sample-texts.ts';

/** Users, team and queues of the sample organization. */
export interface Staff {
  /** The user who writes rows that belong to no agent. */
  readonly system: Actor;
  readonly agents: readonly StoredRow[];
  readonly team: EntityReference;
  readonly queues: readonly StoredRow[];
}

/** Adds users with roles who cannot sign in, a team and queues. */
export function addStaff(builder: SampleBuilder): Staff {
  const founder = { userId: builder.uuid() };
  const [unit] = builder.store.query('businessunit', { pageSize: 1, actor: founder }).rows;
  const createdAt = { by: founder, daysAgo: 400 };
  const businessunitid = referenceTo(unit ?? builder.insert('businessunit', { name: 'Contoso' }, createdAt));
  const [managerTexts, ...reportTexts] = agents;
  const manager = addUser(builder, managerTexts, businessunitid, createdAt);
  const reports = reportTexts.map((texts) => addUser(builder, texts, businessunitid, createdAt));
  const system = { userId: manager.id };
  const changedAt = { by: system, daysAgo: 390 };
  for (const user of reports) {
    builder.update(referenceTo(user), { parentsystemuserid: referenceTo(manager) }, changedAt);
  }
  const users = [manager, ...reports];
  const team = addTeam(builder, { manager, users, businessunitid }, changedAt);
  for (const user of users) {
    const role = user === manager ? 'CSR Manager' : 'Customer Service Representative';
    setRoles(builder.store, user.id, [role]);
  }
  const queues = ['Support', 'Returns', 'Billing'].map((name) =>
    builder.insert('queue', { name, emailaddress: `${name.toLowerCase()}@contoso.example` }, changedAt),
  );
  return { system, agents: users, team: referenceTo(team), queues };
}

type WriteTime = Parameters<SampleBuilder['insert']>[2];

function addUser(
  builder: SampleBuilder,
  [firstname, lastname, title]: (typeof agents)[number],
  businessunitid: EntityReference,
  at: WriteTime,
): StoredRow {
  const mail = `${firstname}.${lastname}@contoso.example`
    .normalize('NFD')
    .replace(/[^\w.@]/g, '')
    .toLowerCase();
  return builder.insert(
    'systemuser',
    {
      firstname,
      lastname,
      title,
      businessunitid,
      domainname: mail,
      internalemailaddress: mail,
      azureactivedirectoryobjectid: builder.uuid(),
    },
    at,
  );
}

function addTeam(
  builder: SampleBuilder,
  details: { manager: StoredRow; users: readonly StoredRow[]; businessunitid: EntityReference },
  at: WriteTime,
): StoredRow {
  const { manager, users, businessunitid } = details;
  const values = { name: 'Second Line', businessunitid, administratorid: referenceTo(manager) };
  const team = builder.insert('team', values, at);
  for (const user of users) {
    builder.store.associate({
      navigation: 'teammembership_association',
      near: referenceTo(team),
      far: referenceTo(user),
    });
  }
  return team;
}
