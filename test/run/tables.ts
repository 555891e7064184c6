import type { Table } from '../../src/model/table.ts';

const text = { type: 'string', writable: true, required: false } as const;

/** A table with a column of every type, small enough to read. */
export const ticket: Table = {
  name: 'case',
  title: 'Case',
  plural: 'Cases',
  logicalName: 'incident',
  set: 'incidents',
  key: 'incidentid',
  primaryName: 'title',
  rowSchema: {},
  inputProperties: {},
  columns: [
    {
      name: 'id',
      title: 'Id',
      column: 'incidentid',
      wire: 'incidentid',
      type: 'uuid',
      writable: false,
      required: false,
    },
    { ...text, name: 'title', title: 'Title', column: 'title', wire: 'title', required: true },
    {
      name: 'priority',
      title: 'Priority',
      column: 'prioritycode',
      wire: 'prioritycode',
      type: 'choice',
      choices: { high: 1, normal: 2, low: 3 },
      writable: true,
      required: false,
    },
    {
      ...text,
      name: 'tags',
      title: 'Tags',
      column: 'new_tags',
      wire: 'new_tags',
      type: 'choices',
      choices: { vip: 1, legal: 2 },
    },
    { ...text, name: 'cost', title: 'Cost', column: 'new_cost', wire: 'new_cost', type: 'decimal' },
    {
      ...text,
      name: 'version',
      title: 'Version',
      column: 'versionnumber',
      wire: 'versionnumber',
      type: 'bigint',
      writable: false,
    },
    {
      name: 'customer',
      title: 'Customer',
      column: 'customerid',
      wire: '_customerid_value',
      type: 'lookup',
      writable: true,
      required: true,
      targets: [
        { table: 'account', logicalName: 'account', set: 'accounts', navigation: 'customerid_account' },
        { table: 'contact', logicalName: 'contact', set: 'contacts', navigation: 'customerid_contact' },
      ],
    },
  ],
};
