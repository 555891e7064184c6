import type { Table } from '../../src/model/table.ts';

const text = { type: 'string', writable: true, required: false } as const;

/** A table with a column of every type, small enough to read. */
export const ticket: Table = {
  name: 'case',
  title: 'Case',
  plural: 'Cases',
  logicalName: 'incident',
  entitySet: 'incidents',
  key: 'incidentid',
  primaryName: 'title',
  rowSchema: {},
  inputProperties: {},
  columns: [
    {
      name: 'id',
      title: 'Id',
      logicalName: 'incidentid',
      wireName: 'incidentid',
      type: 'uuid',
      writable: false,
      required: false,
    },
    { ...text, name: 'title', title: 'Title', logicalName: 'title', wireName: 'title', required: true },
    {
      name: 'priority',
      title: 'Priority',
      logicalName: 'prioritycode',
      wireName: 'prioritycode',
      type: 'choice',
      choices: { high: 1, normal: 2, low: 3 },
      writable: true,
      required: false,
    },
    {
      ...text,
      name: 'tags',
      title: 'Tags',
      logicalName: 'new_tags',
      wireName: 'new_tags',
      type: 'choices',
      choices: { vip: 1, legal: 2 },
    },
    { ...text, name: 'cost', title: 'Cost', logicalName: 'new_cost', wireName: 'new_cost', type: 'decimal' },
    {
      ...text,
      name: 'version',
      title: 'Version',
      logicalName: 'versionnumber',
      wireName: 'versionnumber',
      type: 'bigint',
      writable: false,
    },
    {
      name: 'customer',
      title: 'Customer',
      logicalName: 'customerid',
      wireName: '_customerid_value',
      type: 'lookup',
      writable: true,
      required: true,
      targets: [
        { table: 'account', logicalName: 'account', entitySet: 'accounts', navigation: 'customerid_account' },
        { table: 'contact', logicalName: 'contact', entitySet: 'contacts', navigation: 'customerid_contact' },
      ],
    },
  ],
};
