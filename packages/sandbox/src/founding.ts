import type { Person } from './people.ts';
import type { Random } from './random.ts';
import type { Members } from './server/members.ts';
import type { Reference, Store, Values } from './store/types.ts';

/** What an organisation must have before anybody can work in it. */
export interface Founding {
  readonly store: Store;
  readonly members: Members;
  readonly name: string;
  /** Get a `systemuser` row each; apps become application users. */
  readonly people: readonly Person[];
  readonly random: Random;
}

/**
 * Adds what is not there yet: the organisation's own row, its business unit and currency, and its members. Says
 * the organisation's id, and whether it is a new one: a file may hold an older one.
 */
export function foundOrganisation(founding: Founding): { organisationId: string; isNew: boolean } {
  const { store, members, name, random } = founding;
  const actor = { userId: random.uuid() };
  const ensure = (table: string, values: Values): Reference & { readonly isNew: boolean } => {
    const found = store.query(table, { select: [], pageSize: 1, actor }).rows[0];
    return { table, id: (found ?? store.insert(table, values, actor)).id, isNew: !found };
  };
  return store.transaction(() => {
    const { table, id } = ensure('transactioncurrency', EURO);
    const basecurrencyid = { table, id };
    const organisation = ensure('organization', {
      organizationid: random.uuid(),
      ...{ name, basecurrencyid, isexternalsearchindexenabled: true },
    });
    const unit = ensure('businessunit', { name });
    const businessunitid = { table: unit.table, id: unit.id };
    for (const [index, person] of founding.people.entries()) {
      if (members.userIdOf(person)) continue;
      // The first member is who founded it all.
      const systemuserid = index === 0 && organisation.isNew ? actor.userId : random.uuid();
      store.insert('systemuser', { systemuserid, ...memberRow(person), businessunitid }, actor);
    }
    return { organisationId: organisation.id, isNew: organisation.isNew };
  });
}

const EURO: Values = {
  currencyname: 'Euro',
  isocurrencycode: 'EUR',
  currencysymbol: '€',
  currencyprecision: 2,
  exchangerate: '1',
};

function memberRow(person: Person): Values {
  const isApp = 'clientId' in person;
  const [firstname = '', ...rest] = (isApp ? `# ${person.name}` : person.displayName).split(' ');
  return {
    azureactivedirectoryobjectid: person.objectId,
    firstname,
    lastname: rest.join(' '),
    domainname: isApp ? `${person.clientId}@apps` : person.name,
    ...(isApp ? { applicationid: person.clientId } : { internalemailaddress: person.name }),
  };
}
