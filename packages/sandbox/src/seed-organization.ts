import type { Principal } from './principals.ts';
import type { Random } from './random.ts';
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
  readonly random: Random;
  /** Default: generated from the seed. */
  readonly organizationId?: string;
}

/**
 * Adds the rows that every organization has, where they are missing: the organization's own row, its business unit,
 * its currency, its members and its system views. `isNew` is false when the file already held an organization.
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
    for (const [index, principal] of options.principals.entries()) {
      if (members.findSystemUserId(principal)) continue;
      // The first member of a new organization is also the one who created it.
      const systemuserid = index === 0 && organization.isNew ? actor.userId : random.uuid();
      store.insert('systemuser', { systemuserid, ...toSystemUserRow(principal), businessunitid }, actor);
      store.insert('usersettings', { systemuserid, businessunitid: unit.id, ...userSettings }, actor);
    }
    if (organization.isNew) addStandardViews(store, actor);
    seedSolutions(store, name, actor.userId);
    return { organizationId: organization.id, isNew: organization.isNew };
  });
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
  };
  store.insert('publisher', publisher, { userId });
  for (const [solutionid, uniquename, friendlyname] of [
    ['fd140aae-4df4-11dd-bd17-0019b9312238', 'Active', 'Active Solution'],
    ['fd140aaf-4df4-11dd-bd17-0019b9312238', 'Default', 'Default Solution'],
  ] as const) {
    const values = { solutionid, uniquename, friendlyname, version: '1.0' };
    store.insert('solution', { ...values, publisherid: { table: 'publisher', id: publisherId } }, { userId });
  }
}

/** Settings of a user in English, time zone UTC (code 92 is UTC in Dataverse). */
const userSettings: ColumnValues = {
  uilanguageid: 1033,
  helplanguageid: 1033,
  localeid: 1033,
  timezonecode: 92,
  timezonebias: 0,
  dateformatcode: 1,
  dateformatstring: 'M/d/yyyy',
  dateseparator: '/',
  timeformatcode: 0,
  timeformatstring: 'h:mm tt',
  timeseparator: ':',
  currencysymbol: '$',
  currencydecimalprecision: 2,
  decimalsymbol: '.',
  numberseparator: ',',
  paginglimit: 50,
  workdaystarttime: '8:00',
  workdaystoptime: '17:00',
};

const euro: ColumnValues = {
  currencyname: 'Euro',
  isocurrencycode: 'EUR',
  currencysymbol: '€',
  currencyprecision: 2,
  exchangerate: '1',
};

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
