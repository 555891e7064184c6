import type { Actor, EntityReference, StoredRow } from '../store/types.ts';
import { type SampleBuilder, toReference } from './sample-builder.ts';
import { agents } from './sample-texts.ts';

/** Those who work in the sample organization, and where they work. */
export interface Staff {
  /** Writes what nobody in particular wrote. */
  readonly system: Actor;
  readonly agents: readonly StoredRow[];
  readonly team: EntityReference;
  readonly queues: readonly StoredRow[];
}

/** Users beside those who can sign in, a team, its queues and the usual roles. */
export function addStaff(builder: SampleBuilder): Staff {
  const nullActor = { userId: builder.uuid() };
  const [unit] = builder.store.query('businessunit', { pageSize: 1, actor: nullActor }).rows;
  const createdAt = { by: nullActor, daysAgo: 400 };
  const businessunitid = toReference(unit ?? builder.insert('businessunit', { name: 'Contoso' }, createdAt));
  const users = agents.map(([firstname, lastname, title]) => {
    const mail = `${firstname}.${lastname}@contoso.example`
      .normalize('NFD')
      .replace(/[^\w.@]/g, '')
      .toLowerCase();
    return builder.insert(
      'systemuser',
      {
        ...{ firstname, lastname, title, businessunitid },
        ...{ domainname: mail, internalemailaddress: mail, azureactivedirectoryobjectid: builder.uuid() },
      },
      createdAt,
    );
  });
  const [manager, ...reports] = users;
  const system = { userId: manager!.id };
  const changedAt = { by: system, daysAgo: 390 };
  for (const user of reports)
    builder.update(toReference(user), { parentsystemuserid: toReference(manager!) }, changedAt);
  const team = builder.insert(
    'team',
    { name: 'Second Line', businessunitid, administratorid: toReference(manager!) },
    changedAt,
  );
  for (const user of users) {
    builder.store.associate({
      navigation: 'teammembership_association',
      near: toReference(team),
      far: toReference(user),
    });
  }
  for (const name of [
    'System Administrator',
    'Customer Service Manager',
    'Customer Service Representative',
  ]) {
    builder.insert('role', { name, businessunitid }, changedAt);
  }
  const queues = ['Support', 'Returns', 'Billing'].map((name) =>
    builder.insert('queue', { name, emailaddress: `${name.toLowerCase()}@contoso.example` }, changedAt),
  );
  return { system, agents: users, team: toReference(team), queues };
}
