import type { Actor, OrganizationStore } from './store/types.ts';

/** The tables whose rows a new organization compares by e-mail address. */
const tables = { account: 'Accounts', contact: 'Contacts', lead: 'Leads' } as const;

/** Adds the published rules of a new organization: rows with the same e-mail address are duplicates. */
export function seedDuplicateRules(store: OrganizationStore, actor: Actor): void {
  for (const [table, plural] of Object.entries(tables)) {
    const name = `${plural} with the same e-mail address`;
    const rule = { name, uniquename: `${table}.${name}`, baseentityname: table, matchingentityname: table };
    const { id } = store.insert('duplicaterule', { ...rule, statecode: 1, statuscode: 2 }, actor);
    const condition = {
      baseattributename: 'emailaddress1',
      matchingattributename: 'emailaddress1',
      operatorcode: 0,
      ignoreblankvalues: true,
      regardingobjectid: { table: 'duplicaterule', id },
    };
    store.add('duplicaterulecondition', condition, actor);
  }
}
