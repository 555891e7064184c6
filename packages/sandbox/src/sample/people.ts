import type { Actor, Reference, Row } from '../store/types.ts';
import { refer, type Stage } from './stage.ts';
import { agents } from './words.ts';

/** Those who work in the sample organisation, and where they work. */
export interface Staff {
  /** Writes what nobody in particular wrote. */
  readonly system: Actor;
  readonly agents: readonly Row[];
  readonly team: Reference;
  readonly queues: readonly Row[];
}

/** Users beside those who can sign in, a team, its queues and the usual roles. */
export function addStaff(stage: Stage): Staff {
  const nobody = { userId: stage.uuid() };
  const [unit] = stage.store.query('businessunit', { pageSize: 1, actor: nobody }).rows;
  const made = { by: nobody, daysAgo: 400 };
  const businessunitid = refer(unit ?? stage.add('businessunit', { name: 'Contoso' }, made));
  const users = agents.map(([firstname, lastname, title]) => {
    const mail = `${firstname}.${lastname}@contoso.example`
      .normalize('NFD')
      .replace(/[^\w.@]/g, '')
      .toLowerCase();
    return stage.add(
      'systemuser',
      {
        ...{ firstname, lastname, title, businessunitid },
        ...{ domainname: mail, internalemailaddress: mail, azureactivedirectoryobjectid: stage.uuid() },
      },
      made,
    );
  });
  const [manager, ...reports] = users;
  const system = { userId: manager!.id };
  const by = { by: system, daysAgo: 390 };
  for (const user of reports) stage.change(refer(user), { parentsystemuserid: refer(manager!) }, by);
  const team = stage.add(
    'team',
    { name: 'Second Line', businessunitid, administratorid: refer(manager!) },
    by,
  );
  for (const user of users) {
    stage.store.associate({ navigation: 'teammembership_association', near: refer(team), far: refer(user) });
  }
  for (const name of [
    'System Administrator',
    'Customer Service Manager',
    'Customer Service Representative',
  ]) {
    stage.add('role', { name, businessunitid }, by);
  }
  const queues = ['Support', 'Returns', 'Billing'].map((name) =>
    stage.add('queue', { name, emailaddress: `${name.toLowerCase()}@contoso.example` }, by),
  );
  return { system, agents: users, team: refer(team), queues };
}
