import { writeLanguages } from './logic/languages.ts';
import { joinDefaultTeam } from './logic/principals.ts';
import { newUserSettings } from './logic/user-settings.ts';
import type { Principal, Principals } from './principals.ts';
import type { Random } from './random.ts';
import { setRoles } from './security/member-roles.ts';
import { seedRoles } from './security/seed-roles.ts';
import { seedDuplicateRules } from './seed-duplicate-rules.ts';
import { seedDefaultTeam, seedPlatformUsers } from './seed-platform-users.ts';
import { seedTimeZones } from './seed-time-zones.ts';
import type { OrganizationMembers } from './server/organization-members.ts';
import { addStandardViews } from './standard-views.ts';
import type { ColumnValues, EntityReference, OrganizationStore } from './store/types.ts';

/** What a new organization is seeded with. */
export interface SeedOrganizationOptions {
  readonly store: OrganizationStore;
  readonly members: OrganizationMembers;
  readonly name: string;
  /** Each one gets a `systemuser` row; apps become application users. */
  readonly principals: readonly Principal[];
  /** Names of the security roles of a principal. */
  readonly rolesOf: Principals['rolesOf'];
  readonly random: Random;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  /** LCIDs of languages beside English. */
  readonly languages?: readonly number[] | undefined;
  /** Default: generated from the seed. */
  readonly organizationId?: string;
}

/**
 * Adds the rows that every organization has, where they are missing: the organization's own row, its business unit,
 * its currency, its default team, its members, the users of the platform and its system views. `isNew` is false when
 * the file already held an organization.
 */
export function seedOrganization(options: SeedOrganizationOptions): {
  organizationId: string;
  isNew: boolean;
} {
  const { store, members, name, random } = options;
  const actor = { userId: random.uuid() };
  const ensure = (table: string, values: ColumnValues): EntityReference & { readonly isNew: boolean } => {
    const existing = store.query(table, { select: [], pageSize: 1, actor }).rows[0];
    return { table, id: (existing ?? store.insert(table, values, actor)).id, isNew: !existing };
  };
  return store.transaction(() => {
    const { table, id } = ensure('transactioncurrency', euro);
    const basecurrencyid = { table, id };
    const generatedId = random.uuid();
    const organization = ensure('organization', {
      organizationid: options.organizationId ?? generatedId,
      name,
      basecurrencyid,
      isexternalsearchindexenabled: true,
    });
    const unit = ensure('businessunit', { name });
    const businessunitid = { table: unit.table, id: unit.id };
    const rows = { organizationId: organization.id, unit: businessunitid, actor };
    seedRoles(store, rows);
    if (organization.isNew) seedDefaultTeam(store, rows);
    for (const [index, principal] of options.principals.entries()) {
      if (members.findSystemUserId(principal)) continue;
      // The first member of a new organization is also the one who created it.
      const systemuserid = index === 0 && organization.isNew ? actor.userId : random.uuid();
      const row = { ...valuesWithoutForm(store), ...toSystemUserRow(principal) };
      joinDefaultTeam(store, store.insert('systemuser', { systemuserid, ...row, businessunitid }, actor));
      store.add('usersettings', { systemuserid, businessunitid: unit.id, ...newUserSettings }, actor);
      setRoles(store, systemuserid, options.rolesOf(principal));
    }
    if (organization.isNew) seedPlatformUsers(store, rows);
    if (organization.isNew) addStandardViews(store, actor);
    if (organization.isNew) addLanguages(store, actor.userId);
    seedTimeZones(store, actor, options.nowMs);
    if (organization.isNew) writeLanguages(store, options.languages ?? []);
    seedSolutions(store, name, actor.userId);
    if (organization.isNew) seedDuplicateRules(store, actor);
    return { organizationId: organization.id, isNew: organization.isNew };
  });
}

/** Languages of knowledge articles. */
function addLanguages(store: OrganizationStore, userId: string): void {
  for (const [languagelocaleid, code, localeid, language, region] of languages) {
    const name = `${language} - ${region}`;
    store.add('languagelocale', { languagelocaleid, code, localeid, language, region, name }, { userId });
  }
}

/** The publisher and the solutions that every organization has. Their ids are the same in all organizations. */
function seedSolutions(store: OrganizationStore, name: string, userId: string): void {
  const publisherId = 'd21aab71-79e7-11dd-8874-00188b01e34f';
  if (store.read('publisher', publisherId)) return;
  const suffix = name.replace(/\W/g, '');
  const publisher = {
    publisherid: publisherId,
    uniquename: `DefaultPublisher${suffix}`,
    friendlyname: `Default Publisher for ${name}`,
    customizationprefix: 'new',
    customizationoptionvalueprefix: 10_000,
  };
  store.add('publisher', publisher, { userId });
  for (const [solutionid, uniquename, friendlyname] of [
    ['fd140aae-4df4-11dd-bd17-0019b9312238', 'Active', 'Active Solution'],
    ['fd140aaf-4df4-11dd-bd17-0019b9312238', 'Default', 'Default Solution'],
  ] as const) {
    const values = { solutionid, uniquename, friendlyname, version: '1.0' };
    store.add('solution', { ...values, publisherid: { table: 'publisher', id: publisherId } }, { userId });
  }
}

/** Id, code, locale id, language and region. The id of English is the same in all organizations. */
const languages = [
  ['56940b3e-300f-4070-a559-5a6a4d11a8a3', 'en-us', 1033, 'English', 'United States'],
  ['56940b3e-300f-4070-a559-5a6a4d11a8a4', 'de-de', 1031, 'German', 'Germany'],
  ['56940b3e-300f-4070-a559-5a6a4d11a8a5', 'fr-fr', 1036, 'French', 'France'],
  ['56940b3e-300f-4070-a559-5a6a4d11a8a6', 'es-es', 3082, 'Spanish', 'Spain'],
] as const;

const euro: ColumnValues = {
  currencyname: 'Euro',
  isocurrencycode: 'EUR',
  currencysymbol: '€',
  currencyprecision: 2,
  exchangerate: '1',
};

/** Choices with a default that the platform leaves empty when it adds a user from Microsoft Entra ID, without a form. */
const formColumns = /^(?:address\d_|preferred\w+code$|msdyn_|displayinserviceviews$|isallowedbyipfirewall$)/;

function valuesWithoutForm({ model }: OrganizationStore): ColumnValues {
  const columns = model.table('systemuser')?.attributes ?? [];
  return Object.fromEntries(
    columns
      .filter((column) => column.default !== undefined && formColumns.test(column.logicalName))
      .map(({ logicalName }) => [logicalName, null]),
  );
}

function toSystemUserRow(principal: Principal): ColumnValues {
  const isApp = 'clientId' in principal;
  const [firstname = '', ...rest] = (isApp ? `# ${principal.name}` : principal.displayName).split(' ');
  return {
    azureactivedirectoryobjectid: principal.objectId,
    firstname,
    lastname: rest.join(' '),
    domainname: isApp ? `${principal.clientId}@apps` : principal.name,
    ...(isApp ? { applicationid: principal.clientId } : { internalemailaddress: principal.name }),
  };
}
