import { expect } from 'chai';
import { learnTables, listTablesToLearn } from '../../src/authoring/learn/learn-tables.ts';
import { learnedFile } from '../../src/authoring/learn/learned-record.ts';
import { compileManifest } from '../../src/manifest/compile-manifest.ts';
import type { ManifestPackage } from '../../src/manifest/read/manifest-package.ts';
import type { MetadataColumn, MetadataTable } from '../../src/model/metadata.ts';

const base: ManifestPackage = {
  path: '../base/',
  bases: [],
  files: new Map([
    [
      'connector.yaml',
      `manifestVersion: 1
id: base
version: 1.0.0
title: Base
description: A base.
connection: { required: [orgUrl], properties: { orgUrl: { type: string, format: dataverse-origin, maxLength: 200 }, tenant: { type: string, format: entra-tenant, maxLength: 253 } } }
auth: { type: oauth2, grants: { client_credentials: { scopes: ["{{connection.orgUrl}}/.default"] } } }
api: { baseUrl: "{{connection.orgUrl}}/api/data/v9.2", timeout: 60s }
retry: { maxAttempts: 4, budget: 90s }
`,
    ],
    [
      'schemas/tables/case.yaml',
      `x-table: { name: incident, entitySet: incidents, key: incidentid, primaryName: title, plural: Cases }
title: Case
description: A case.
required: []
operations: [create, list]
properties:
  id: { title: Id, type: string, format: uuid, x-column: incidentid, readOnly: true }
  title: { title: Title, type: string, maxLength: 200, x-column: title }
  priority: { title: Priority, x-column: prioritycode, x-choices: { high: 1, low: 3 } }
  status: { title: Status, x-column: statuscode, x-choices: { active: 1 } }
  createdOn: { title: Created on, type: string, format: date-time, x-column: createdon, readOnly: true }
`,
    ],
    [
      'schemas/tables/user.yaml',
      `x-table: { name: systemuser, entitySet: systemusers, key: systemuserid, primaryName: fullname, plural: Users }
title: User
description: A user.
required: []
operations: [create]
properties:
  id: { title: Id, type: string, format: uuid, x-column: systemuserid, readOnly: true }
  status: { title: Status, x-column: statuscode, x-choices: { active: 1 } }
  createdOn: { title: Created on, type: string, format: date-time, x-column: createdon, readOnly: true }
`,
    ],
    [
      'actions/_.create.yaml',
      `title: Create {{table.titleLower}}
description: Creates one.
input: { columns: writable }
request: { create: "{{table.name}}", values: "{{input}}" }
`,
    ],
    [
      'actions/_.list.yaml',
      `title: List {{table.pluralLower}}
description: Lists them.
input:
  properties: { limit: { title: Limit, type: integer, minimum: 1, default: 10 } }
request: { list: "{{table.name}}", filters: table }
pagination: { limit: input.limit }
`,
    ],
  ]),
};

const header = `manifestVersion: 1
id: own
version: 1.0.0
title: Own
description: A connector.
extends: ../base
`;

const text = (name: string, title: string): MetadataColumn => ({
  name,
  title,
  type: 'string',
  maxLength: 100,
});

const ticket: MetadataTable = {
  name: 'new_ticket',
  entitySet: 'new_tickets',
  title: 'Ticket',
  plural: 'Tickets',
  key: 'new_ticketid',
  primaryName: 'new_name',
  columns: [
    { name: 'createdon', title: 'Created On', type: 'date-time', creatable: false, updatable: false },
    { name: 'new_ticketid', title: 'Ticket', type: 'uuid', updatable: false },
    { ...text('new_name', 'Name'), requiredLevel: 'required' },
    text('new_ticketnumber', 'Ticket Number'),
    text('new_status', 'Status'),
    {
      name: 'statuscode',
      title: 'Status Reason',
      type: 'choice',
      choices: [
        { value: 1, label: 'In Progress' },
        { value: 2, label: 'Canceled' },
        { value: 3, label: 'Canceled' },
        { value: 4, label: '完了' },
      ],
    },
    { name: 'new_caseid', title: 'Case', type: 'lookup', targets: ['incident'] },
    { name: 'new_partid', title: 'Part', type: 'lookup', targets: ['new_part'] },
    { name: 'new_unknownid', title: 'Unknown', type: 'lookup', targets: ['new_unknown'] },
    { name: 'new_limit', title: 'Limit', type: 'integer', min: 0, max: 2147483647 },
    { name: 'new_due', title: 'Due', type: 'date' },
    { name: 'new_scan', title: 'Scan', type: 'file' },
    { name: 'new_other', title: 'Other', type: 'other' },
  ],
  navigations: [
    { name: 'new_CaseId', kind: 'manyToOne', target: 'incident', column: 'new_caseid' },
    { name: 'new_PartId', kind: 'manyToOne', target: 'new_part', column: 'new_partid' },
    { name: 'new_UnknownId', kind: 'manyToOne', target: 'new_unknown', column: 'new_unknownid' },
  ],
  alternateKeys: [['new_ticketnumber']],
};

const incident: MetadataTable = {
  ...{ name: 'incident', entitySet: 'incidents', title: 'Case', plural: 'Cases', key: 'incidentid' },
  primaryName: 'title',
  columns: [
    text('title', 'Title'),
    text('description', 'Description'),
    text('msdyn_note', 'Note'),
    text('new_contract', 'Contract'),
    text('new_title', 'Title'),
    {
      name: 'prioritycode',
      title: 'Priority',
      type: 'choice',
      choices: [
        { value: 1, label: 'High' },
        { value: 100000000, label: 'Urgent' },
      ],
    },
  ],
  navigations: [],
  alternateKeys: [],
};

const caseTable: MetadataTable = {
  ...ticket,
  name: 'new_case',
  entitySet: 'new_cases',
  title: 'Case',
  plural: 'Cases',
};

const summaries = [ticket, incident, caseTable].concat([
  { ...ticket, name: 'new_part', entitySet: 'new_parts' },
  { ...ticket, name: 'team', entitySet: 'teams' },
]);

/** A folder that learns: its files are those that were written. */
function createFolder(files: Readonly<Record<string, string>> = {}) {
  const folder = new Map(Object.entries({ 'connector.yaml': header, ...files }));
  const packages = () => {
    const files = new Map([...folder].filter(([file]) => file !== learnedFile));
    return [base, { path: '', bases: ['../base/'], files }];
  };
  return {
    folder,
    packages,
    learn(...tables: readonly MetadataTable[]) {
      const record = folder.get(learnedFile);
      const result = learnTables({ packages: packages(), tables, summaries, record });
      for (const [file, written] of result.files)
        if (written === undefined) folder.delete(file);
        else folder.set(file, written);
      return result;
    },
    list: (...named: readonly string[]) =>
      listTablesToLearn({ packages: packages(), summaries, record: folder.get(learnedFile) }, named),
    read: (file: string) => folder.get(file)?.replace(/^#.*\n/, ''),
    replace(file: string, from: string, to: string) {
      const old = folder.get(file) ?? '';
      expect(old).to.contain(from);
      folder.set(file, old.replace(from, to));
    },
  };
}

const ticketFile = 'schemas/tables/ticket.yaml';

describe('learning tables', () => {
  it('writes a custom table whole, and its manifest has no diagnostics', () => {
    const own = createFolder();
    const { changes } = own.learn(ticket);
    expect(own.read(ticketFile)).to.equal(`x-table:
  name: new_ticket
  entitySet: new_tickets
  key: new_ticketid
  primaryName: new_name
  plural: Tickets
title: Ticket
description: The table new_ticket of the organization.
required: [ name ]
operations: all
keys: [ [ ticketNumber ] ]
properties:
  id: { title: Id, type: string, format: uuid, x-column: new_ticketid, readOnly: true }
  name: { title: Name, type: string, maxLength: 100, x-column: new_name, x-search: true }
  createdOn: { title: Created On, type: string, format: date-time, x-column: createdon, readOnly: true }
  ticketNumber:
    title: Ticket Number
    type: string
    maxLength: 100
    x-column: new_ticketnumber
    x-filter: true
    x-search: true
  newStatus: { title: Status, type: string, maxLength: 100, x-column: new_status }
  status:
    title: Status Reason
    x-choices: { in-progress: 1, canceled-2: 2, canceled-3: 3, choice-4: 4 }
    x-column: statuscode
    x-filter: true
  case: { title: Case, x-lookup: { column: new_caseid, targets: { case: new_CaseId } }, x-filter: true }
  part:
    title: Part
    x-lookup: { column: new_partid, targets: { new_part: { navigation: new_PartId, entitySet: new_parts } } }
    x-filter: true
  newLimit: { title: Limit, type: integer, minimum: 0, x-column: new_limit }
  due: { title: Due, type: string, format: date, x-column: new_due }
  scan: { title: Scan, type: string, x-type: file, x-column: new_scan, readOnly: true }
`);
    expect(changes[0]?.leftOut).to.deep.equal(['new_unknownid', 'new_other']);
    const { definition, diagnostics } = compileManifest(own.packages());
    expect(diagnostics).to.deep.equal([]);
    expect(Object.keys(definition?.actions ?? {})).to.include.members(['ticket.create', 'ticket.list']);
  });

  it('names what reads an owner where only its user can be read', () => {
    const own = createFolder();
    own.learn({
      ...ticket,
      columns: [...ticket.columns, { name: 'ownerid', title: 'Owner', type: 'lookup' }],
      navigations: [
        ...ticket.navigations,
        { name: 'ownerid', kind: 'manyToOne', column: 'ownerid', target: 'owner' },
        { name: 'owninguser', kind: 'manyToOne', column: 'owninguser', target: 'systemuser' },
      ],
    });
    const { definition, diagnostics } = compileManifest(own.packages());
    expect(diagnostics).to.deep.equal([]);
    const owner = definition?.tables.ticket?.columns.find(({ logicalName }) => logicalName === 'ownerid');
    const reads = owner?.targets?.map(({ table, navigation, readBy }) => ({ table, navigation, readBy }));
    expect(reads).to.deep.equal([
      { table: 'user', navigation: 'owninguser', readBy: 'owninguser' },
      { table: 'team', navigation: 'ownerid', readBy: null },
    ]);
  });

  it('adds custom columns and new choices to a table of the base, and nothing else', () => {
    const own = createFolder();
    own.learn(incident);
    expect(own.read('schemas/tables/case.yaml')).to.equal(`properties:
  priority: { x-choices: { urgent: 100000000 } }
  contract: { title: Contract, type: string, maxLength: 100, x-column: new_contract }
  newTitle: { title: Title, type: string, maxLength: 100, x-column: new_title }
`);
    expect(compileManifest(own.packages()).diagnostics).to.deep.equal([]);
  });

  it('gives a table whose name is taken a name with its prefix, in any order', () => {
    for (const tables of [
      [ticket, caseTable],
      [caseTable, ticket],
    ]) {
      const own = createFolder();
      expect(own.learn(...tables).changes.map(({ table }) => table)).to.have.members(['ticket', 'new-case']);
      expect(compileManifest(own.packages()).diagnostics).to.deep.equal([]);
    }
  });

  it('writes nothing if nothing has changed', () => {
    const own = createFolder();
    own.learn(ticket, incident);
    expect([...own.learn(ticket, incident).files.keys()]).to.deep.equal([]);
  });

  it('keeps what the author has changed, removed and commented, and learns what is new', () => {
    const own = createFolder();
    own.learn(ticket);
    own.replace(ticketFile, 'title: Ticket\n', 'title: Repair # as the workshop says\n');
    own.replace(ticketFile, 'ticketNumber:\n', 'number:\n');
    own.replace(ticketFile, '[ ticketNumber ]', '[ number ]');
    own.replace(ticketFile, 'in-progress: 1', 'working: 1');
    own.replace(ticketFile, '  due: { title: Due, type: string, format: date, x-column: new_due }\n', '');
    own.replace(ticketFile, 'required: [ name ]', 'required: [ name, case ]');
    const columns = ticket.columns
      .filter(({ name }) => name !== 'new_scan')
      .map((column) => (column.name === 'new_status' ? { ...column, maxLength: 200 } : column))
      .map((column) => (column.name === 'new_name' ? { ...column, title: 'Full Name' } : column));
    const status = columns.find(({ name }) => name === 'statuscode');
    const changed = {
      ...ticket,
      title: 'Job',
      columns: [
        ...columns.filter((column) => column !== status),
        { ...status, choices: [...(status?.choices ?? []), { value: 5, label: 'Done' }] } as MetadataColumn,
        text('new_serial', 'Serial'),
      ],
    };
    const { changes } = own.learn(changed);
    const read = own.read(ticketFile);
    expect(read).to.contain('title: Repair # as the workshop says\n');
    expect(read).to.contain('required: [ name, case ]').and.to.contain('keys: [ [ number ] ]');
    expect(read).to.contain('  number:\n').and.not.to.contain('ticketNumber');
    expect(read).to.contain('{ working: 1, canceled-2: 2, canceled-3: 3, choice-4: 4, done: 5 }');
    expect(read).to.contain('title: Status, type: string, maxLength: 200').and.to.contain('title: Full Name');
    expect(read).not.to.contain('new_due').and.not.to.contain('new_scan');
    expect(read).to.contain(
      '  serial: { title: Serial, type: string, maxLength: 100, x-column: new_serial }\n',
    );
    expect(changes).to.deep.include({
      ...{ table: 'ticket', file: ticketFile, isNew: false, leftOut: ['new_unknownid', 'new_other'] },
      ...{ added: ['serial'], changed: ['name', 'newStatus', 'status'], removed: ['scan'], kept: ['due'] },
    });
    expect(compileManifest(own.packages()).diagnostics).to.deep.equal([]);
    expect([...own.learn(changed).files.keys()]).to.deep.equal([]);
  });

  it('a name stays although a later column would have the better claim to it', () => {
    const own = createFolder();
    const first = text('cr1_serial', 'Serial');
    own.learn({ ...ticket, columns: [...ticket.columns, first] });
    own.learn({ ...ticket, columns: [text('abc_serial', 'Serial'), ...ticket.columns, first] });
    expect(own.read(ticketFile))
      .to.match(/ {2}serial: .*cr1_serial/)
      .and.to.match(/ {2}abcSerial: .*abc_serial/);
  });

  it('removes an addition to a table of the base when nothing of it is left', () => {
    const own = createFolder();
    own.learn(incident);
    const standard = incident.columns.filter(
      ({ name }) => !name.startsWith('new_') && name !== 'prioritycode',
    );
    const { files } = own.learn({ ...incident, columns: standard });
    expect(files.get('schemas/tables/case.yaml')).to.equal(undefined);
    expect(own.folder.has('schemas/tables/case.yaml')).to.equal(false);
    expect(compileManifest(own.packages()).diagnostics).to.deep.equal([]);
  });

  it('does not give a table the name that the base has for another one', () => {
    const own = createFolder();
    const user = { ...ticket, name: 'user', entitySet: 'users', title: 'User', plural: 'Users' };
    expect(own.learn(user).changes.map(({ table }) => table)).to.deep.equal(['table-user']);
    expect(compileManifest(own.packages()).diagnostics).to.deep.equal([]);
  });

  it('writes nothing if the manifest has errors', () => {
    const own = createFolder({ 'actions/broken.yaml': 'title: [' });
    const { files, diagnostics } = own.learn(ticket);
    expect(files.size).to.equal(0);
    expect(diagnostics.some(({ severity }) => severity === 'error')).to.equal(true);
  });

  it('learns custom tables and those of the manifest, but not one whose file was removed', () => {
    const own = createFolder();
    expect(own.list()).to.have.members(['new_ticket', 'incident', 'new_case', 'new_part']);
    own.learn(ticket);
    own.folder.delete(ticketFile);
    expect(own.list()).to.have.members(['incident', 'new_case', 'new_part']);
    expect(own.list('new_ticket', 'case')).to.deep.equal(['new_ticket', 'incident']);
    own.learn(ticket);
    expect(own.read(ticketFile)).to.contain('name: new_ticket');
    expect(() => own.list('new_tickt')).to.throw('Did you mean new_ticket');
  });

  it('refuses a record that it did not write', () => {
    const own = createFolder({ [learnedFile]: '{}' });
    expect(() => own.learn(ticket)).to.throw('is not a record of `d365 learn`');
  });
});
