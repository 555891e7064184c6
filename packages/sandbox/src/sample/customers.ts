import { referenceTo } from '../store/entity-reference.ts';
import type { StoredRow } from '../store/types.ts';
import type { SampleBuilder } from './sample-builder.ts';
import { companies, firstNames, lastNames } from './sample-texts.ts';
import type { Staff } from './staff.ts';

/** An account with its contacts; the main contact is the first one. */
export interface Customer {
  readonly account: StoredRow;
  readonly mainContact: StoredRow;
  readonly contacts: readonly StoredRow[];
}

/** Adds accounts with two to four contacts each. */
export function addCustomers(builder: SampleBuilder, staff: Staff): readonly Customer[] {
  return companies.map(([name, city, country], index) => {
    const domain = `${name.toLowerCase().replace(/\W.*$/, '')}.example`;
    const daysAgo = builder.randomInteger(200, 380);
    const owner = referenceTo(builder.pickRandom(staff.agents));
    const account = builder.insert(
      'account',
      {
        name,
        accountnumber: `AC-${1000 + index}`,
        telephone1: phone(builder),
        ownerid: owner,
        emailaddress1: `info@${domain}`,
        websiteurl: `https://www.${domain}`,
        address1_city: city,
        address1_country: country,
        customertypecode: 3,
        industrycode: builder.randomInteger(1, 33),
        numberofemployees: builder.randomInteger(5, 5000),
        revenue: `${builder.randomInteger(2, 900) * 10_000}.00`,
      },
      { by: staff.system, daysAgo },
    );
    const contactCount = builder.randomInteger(2, 4);
    const details = { account, domain, city, daysAgo };
    const mainContact = addContact(builder, staff, details);
    const others = Array.from({ length: contactCount - 1 }, () => addContact(builder, staff, details));
    builder.update(
      referenceTo(account),
      { primarycontactid: referenceTo(mainContact) },
      { by: staff.system, daysAgo },
    );
    return { account, mainContact, contacts: [mainContact, ...others] };
  });
}

function addContact(
  builder: SampleBuilder,
  staff: Staff,
  details: { account: StoredRow; domain: string; city: string; daysAgo: number },
): StoredRow {
  const [firstname, lastname] = [builder.pickRandom(firstNames), builder.pickRandom(lastNames)];
  const mailbox = `${firstname}.${lastname}`
    .normalize('NFD')
    .replace(/[^\w.]/g, '')
    .toLowerCase();
  return builder.insert(
    'contact',
    {
      firstname,
      lastname,
      emailaddress1: `${mailbox}@${details.domain}`,
      mobilephone: phone(builder),
      jobtitle: builder.pickRandom([
        'Office Manager',
        'Head of Purchasing',
        'Facility Manager',
        'Accountant',
      ]),
      parentcustomerid: referenceTo(details.account),
      address1_city: details.city,
      ownerid: referenceTo(builder.pickRandom(staff.agents)),
    },
    { by: staff.system, daysAgo: details.daysAgo },
  );
}

const phone = (builder: SampleBuilder): string => `+49 30 555-${builder.randomInteger(1000, 9999)}`;
