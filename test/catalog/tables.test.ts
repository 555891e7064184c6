import { expect } from 'chai';
import { createStandardModel } from '../../packages/sandbox/src/model/standard-model.ts';
import type { Table, TableColumn } from '../../src/model/table.ts';
import { realDefinition } from '../manifest/support/manifests.ts';
import { type Difference, differencesOf, printDifferences } from './differences.ts';

/** Intended differences: inputs that we require and Dataverse does not, and columns that Dataverse fills in itself. */
const known = `
account.owner                required      false                       true
appointment.subject          required      true                        false
appointment.owner            required      false                       true
attachment.activity          required      true                        false
attachment.fileName          required      true                        false
case-article                 primary name  knowledgearticleincidentid  undefined
case-article.case            required      true                        false
case-article.article         required      true                        false
case-article.sentToCustomer  required      false                       true
case.customer                required      true                        false
case.state                   choice 2      canceled                    cancelled
case.status                  choice 6      canceled                    cancelled
case.owner                   required      false                       true
contact.owner                required      false                       true
email.subject                required      true                        false
email.subject                length        200                         800
email.owner                  required      false                       true
knowledge-article.language   required      false                       true
knowledge-article.status     choice 8      published-needs-review      needs-review
knowledge-article.status     choice 11     expired-rejected            rejected
knowledge-article.status     choice 14     discarded-rejected          rejected
knowledge-article.owner      required      false                       true
lead.owner                   required      false                       true
note.subject                 required      false                       true
note.regarding               required      true                        false
note.owner                   required      false                       true
opportunity.customer         required      false                       true
opportunity.currency         required      false                       true
opportunity.owner            required      false                       true
phonecall.subject            required      true                        false
phonecall.owner              required      false                       true
queue.visibility             required      false                       true
queue.owner                  required      false                       true
task.subject                 required      true                        false
task.status                  choice 4      waiting                     waiting-on-someone-else
task.owner                   required      false                       true
team.type                    choice 2      entra-security-group        security-group
team.type                    choice 3      entra-office-group          office-group
`;

describe('table schemas', () => {
  const { tables } = realDefinition();
  const model = createStandardModel();

  it('match the metadata of the sandbox except for the listed differences', () => {
    const differences = Object.values(tables).flatMap((table) => differencesOf(table, model));
    expect(printDifferences(differences)).to.equal(known.trim());
  });

  describe('differencesOf', () => {
    const { case: cases, email, contact } = tables as Record<'case' | 'email' | 'contact', Table>;
    const withColumn = (table: Table, name: string, change: Partial<TableColumn>): Table => ({
      ...table,
      columns: table.columns.map((column) => (column.name === name ? { ...column, ...change } : column)),
    });
    const [customer] = cases.columns.filter(({ name }) => name === 'customer');
    const [to] = email.parties!.filter(({ name }) => name === 'to');
    const wrong: readonly (readonly [table: Table, subject: string, property: string])[] = [
      [{ ...cases, logicalName: 'ticket' }, 'case', 'table'],
      [{ ...cases, entitySet: 'incident' }, 'case', 'set'],
      [{ ...cases, key: 'id' }, 'case', 'key'],
      [{ ...cases, primaryName: 'name' }, 'case', 'primary name'],
      [withColumn(cases, 'title', { logicalName: 'name' }), 'case.title', 'column'],
      [withColumn(cases, 'title', { type: 'integer' }), 'case.title', 'type'],
      [withColumn(cases, 'title', { required: false }), 'case.title', 'required'],
      [withColumn(contact, 'birthday', { type: 'date-time' }), 'contact.birthday', 'type'],
      [withColumn(cases, 'priority', { choices: { high: 1, normal: 2 } }), 'case.priority', 'choice 3'],
      [
        withColumn(cases, 'priority', { choices: { high: 3, normal: 2, low: 1 } }),
        'case.priority',
        'choice 3',
      ],
      [withColumn(cases, 'createdOn', { writable: true }), 'case.createdOn', 'written'],
      [
        { ...cases, inputProperties: { ...cases.inputProperties, title: { maxLength: 4000 } } },
        'case.title',
        'length',
      ],
      [
        withColumn(cases, 'customer', {
          targets: customer!.targets!.map((target) => ({ ...target, navigation: 'customerid' })),
        }),
        'case.customer',
        'navigation',
      ],
      [{ ...email, parties: [{ ...to!, collection: 'email_parties' }] }, 'email.to', 'collection'],
      [
        {
          ...email,
          parties: [{ ...to!, targets: [{ ...to!.targets[0]!, navigation: 'partyid' }] }],
        },
        'email.to',
        'party by partyid',
      ],
    ];
    for (const [table, subject, property] of wrong) {
      it(`reports a different ${property.replace(/\d|by.*/g, '').trim()} of ${subject}`, () => {
        const name = (one: Difference) => `${one.subject} ${one.property}`;
        const intended = new Set(differencesOf(tables[table.name]!, model).map(name));
        const found = differencesOf(table, model).map(name);
        expect(found.filter((one) => !intended.has(one))).to.include(`${subject} ${property}`);
      });
    }
  });
});
