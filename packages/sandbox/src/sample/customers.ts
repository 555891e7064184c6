import type { Row } from '../store/types.ts';
import type { Staff } from './people.ts';
import { refer, type Stage } from './stage.ts';
import { companies, firstNames, lastNames } from './words.ts';

/** An account with the contacts who work there, the main one first. */
export interface Customer {
  readonly account: Row;
  readonly contacts: readonly Row[];
}

/** Accounts and two to four contacts each. */
export function addCustomers(stage: Stage, staff: Staff): readonly Customer[] {
  return companies.map(([name, city, country], index) => {
    const domain = `${name.split(/\W/)[0]!.toLowerCase()}.example`;
    const daysAgo = stage.between(200, 380);
    const owner = refer(stage.pick(staff.agents));
    const account = stage.add(
      'account',
      {
        ...{ name, accountnumber: `AC-${1000 + index}`, telephone1: phone(stage), ownerid: owner },
        ...{ emailaddress1: `info@${domain}`, websiteurl: `https://www.${domain}` },
        ...{ address1_city: city, address1_country: country, customertypecode: 3 },
        ...{ industrycode: stage.between(1, 33), numberofemployees: stage.between(5, 5000) },
        revenue: `${stage.between(2, 900) * 10_000}.00`,
      },
      { by: staff.system, daysAgo },
    );
    const contacts = Array.from({ length: stage.between(2, 4) }, () =>
      addContact(stage, staff, { account, domain, city, daysAgo }),
    );
    stage.change(refer(account), { primarycontactid: refer(contacts[0]!) }, { by: staff.system, daysAgo });
    return { account, contacts };
  });
}

function addContact(
  stage: Stage,
  staff: Staff,
  at: { account: Row; domain: string; city: string; daysAgo: number },
): Row {
  const [firstname, lastname] = [stage.pick(firstNames), stage.pick(lastNames)];
  const mailbox = `${firstname}.${lastname}`
    .normalize('NFD')
    .replace(/[^\w.]/g, '')
    .toLowerCase();
  return stage.add(
    'contact',
    {
      ...{ firstname, lastname, emailaddress1: `${mailbox}@${at.domain}`, mobilephone: phone(stage) },
      jobtitle: stage.pick(['Office Manager', 'Head of Purchasing', 'Facility Manager', 'Accountant']),
      parentcustomerid: refer(at.account),
      address1_city: at.city,
      ownerid: refer(stage.pick(staff.agents)),
    },
    { by: staff.system, daysAgo: at.daysAgo },
  );
}

const phone = (stage: Stage): string => `+49 30 555-${stage.between(1000, 9999)}`;
