import type { Person } from './people.ts';
import type { Random } from './random.ts';
import type { Members } from './server/members.ts';
import type { Reference, Store, Values } from './store/types.ts';

/** What an organisation must have before anybody can work in it. */
export interface Founding {
  readonly store: Store;
  readonly members: Members;
  readonly name: string;
  readonly organisationId: string;
  /** Get a `systemuser` row each; apps become application users. */
  readonly people: readonly Person[];
  readonly random: Random;
}

/** Adds what is not there yet: the organisation's own row, its business unit and currency, and its members. */
export function foundOrganisation(founding: Founding): void {
  const { store, members, random } = founding;
  const actor = { userId: random.uuid() };
  const ensure = (table: string, values: Values): Reference => {
    const found = store.query(table, { select: [], pageSize: 1, actor }).rows[0];
    return { table, id: (found ?? store.insert(table, values, actor)).id };
  };
  store.transaction(() => {
    const currency = ensure('transactioncurrency', {
      currencyname: 'Euro',
      isocurrencycode: 'EUR',
      currencysymbol: '€',
      currencyprecision: 2,
      exchangerate: '1',
    });
    ensure('organization', {
      organizationid: founding.organisationId,
      name: founding.name,
      basecurrencyid: currency,
    });
    const businessunitid = ensure('businessunit', { name: founding.name });
    for (const person of founding.people) {
      if (members.userIdOf(person)) continue;
      store.insert('systemuser', { ...memberRow(person), businessunitid }, actor);
    }
  });
}

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
