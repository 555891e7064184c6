import { guidOfNames } from './guid.ts';
import { joinDefaultTeam } from './logic/principals.ts';
import { newUserSettings } from './logic/user-settings.ts';
import type { Actor, EntityReference, OrganizationStore } from './store/types.ts';

/** The first rows of an organization that its platform rows belong to. */
interface NewOrganization {
  readonly organizationId: string;
  readonly unit: EntityReference;
  readonly actor: Actor;
}

/** The users of the platform: nobody can sign in as one of them. */
const names = ['SYSTEM', 'INTEGRATION'];

/** The access mode of users of the platform and of Microsoft's support. */
const supportUser = 3;

/** Adds the default team of the root business unit, which has its name. All users of the unit are its members. */
export function seedDefaultTeam(
  store: OrganizationStore,
  { organizationId, unit, actor }: NewOrganization,
): void {
  const name = store.read(unit.table, unit.id)?.values.name ?? '';
  const teamid = guidOfNames('team', organizationId, 'default');
  store.add('team', { teamid, name, isdefault: true, businessunitid: unit }, actor);
}

/** Adds the users `SYSTEM` and `INTEGRATION`. In Dataverse's order of ids they come after the other users. */
export function seedPlatformUsers(
  store: OrganizationStore,
  { organizationId, unit, actor }: NewOrganization,
): void {
  for (const lastname of names) {
    const systemuserid = guidOfNames('user', organizationId, lastname).replace(/-.{2}(.{10})$/, '-ff$1');
    const values = {
      ...{ systemuserid, firstname: '', lastname, domainname: '', businessunitid: unit },
      ...{ isdisabled: true, islicensed: false, accessmode: supportUser },
      isintegrationuser: lastname === 'INTEGRATION',
    };
    const user = store.insert('systemuser', values, actor);
    store.add('usersettings', { systemuserid, businessunitid: unit.id, ...newUserSettings }, actor);
    joinDefaultTeam(store, user);
  }
}
