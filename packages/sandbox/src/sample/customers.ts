import type { StoredRow } from '../store/types.ts';
import { type SampleBuilder, toReference } from './sample-builder.ts';
import { companies, firstNames, lastNames } from './sample-texts.ts';
import type { Staff } from './staff.ts';

/** An account with the contacts who work there, the main one first. */
export interface Customer {
  readonly account: StoredRow;
  readonly contacts: readonly StoredRow[];
}

/** Accounts and two to four contacts each. */
export function addCustomers(builder: SampleBuilder, staff: Staff): readonly Customer[] {
  return companies.map(([name, city, country], index) => {
    const domain = `${name.split(/\W/)[0]!.toLowerCase()}.example`;
    const daysAgo = builder.randomInteger(200, 380);
    const owner = toReference(builder.pickRandom(staff.agents));
    const account = builder.insert(
      'account',
      {
        ...{ name, accountnumber: `AC-${1000 + index}`, telephone1: phone(builder), ownerid: owner },
        ...{ emailaddress1: `info@${domain}`, websiteurl: `https://www.${domain}` },
        ...{ address1_city: city, address1_country: country, customertypecode: 3 },
        ...{ industrycode: builder.randomInteger(1, 33), numberofemployees: builder.randomInteger(5, 5000) },
        revenue: `${builder.randomInteger(2, 900) * 10_000}.00`,
      },
      { by: staff.system, daysAgo },
    );
    const contacts = Array.from({ length: builder.randomInteger(2, 4) }, () =>
      addContact(builder, staff, { account, domain, city, daysAgo }),
    );
    builder.update(
      toReference(account),
      { primarycontactid: toReference(contacts[0]!) },
      { by: staff.system, daysAgo },
    );
    return { account, contacts };
  });
}

function addContact(
  builder: SampleBuilder,
  staff: Staff,
  at: { account: StoredRow; domain: string; city: string; daysAgo: number },
): StoredRow {
  const [firstname, lastname] = [builder.pickRandom(firstNames), builder.pickRandom(lastNames)];
  const mailbox = `${firstname}.${lastname}`
    .normalize('NFD')
    .replace(/[^\w.]/g, '')
    .toLowerCase();
  return builder.insert(
    'contact',
    {
      ...{ firstname, lastname, emailaddress1: `${mailbox}@${at.domain}`, mobilephone: phone(builder) },
      jobtitle: builder.pickRandom([
        'Office Manager',
        'Head of Purchasing',
        'Facility Manager',
        'Accountant',
      ]),
      parentcustomerid: toReference(at.account),
      address1_city: at.city,
      ownerid: toReference(builder.pickRandom(staff.agents)),
    },
    { by: staff.system, daysAgo: at.daysAgo },
  );
}

const phone = (builder: SampleBuilder): string => `+49 30 555-${builder.randomInteger(1000, 9999)}`;
