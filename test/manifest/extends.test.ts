import { expect } from 'chai';
import type { CompileResult } from '../../src/manifest/compile-manifest.ts';
import { compileFolders, smallFiles } from './support/manifests.ts';

type Files = Readonly<Record<string, string>>;

const small: Files = Object.fromEntries(smallFiles());
const listing = {
  'schemas/tables/case.yaml': small['schemas/tables/case.yaml']!.replace('operations: all\n', ''),
};
const header = (id: string, bases: string, more = '') =>
  `manifestVersion: 1\nid: ${id}\nversion: 2.0.0\ntitle: ${id}\ndescription: A connector.\nextends: ${bases}\n${more}`;
const action = (more = '') =>
  `title: Act\ndescription: Acts.\n${more}request: { method: POST, path: /Act }\ntests:\n  - { name: it takes nothing, input: { a: 1 }, fails: { code: INPUT_INVALID } }\n`;
const ticket = (operations: string) => `x-table:
  { name: new_ticket, entitySet: new_tickets, key: new_ticketid, primaryName: new_name, plural: Tickets }
title: Ticket
description: A ticket.
required: [name]
operations: ${operations}
properties:
  id: { title: Id, type: string, format: uuid, x-column: new_ticketid, readOnly: true }
  name: { title: Name, type: string, maxLength: 100, x-column: new_name }
`;
const template = (id: string) =>
  `title: Fetch {{table.titleLower}}\ndescription: Reads it.\n${id}input: { required: [id], properties: { id: { $ref: "{{table.name}}#id" } } }\nrequest: { get: "{{table.name}}", id: "{{input.id}}" }\n`;

const raise =
  'title: Raise\ndescription: Raises.\ninput: { properties: { priority: { $ref: "{{table.name}}#priority" } } }\nrequest: { method: POST, path: /Act, body: { P: "{{input.priority}}" } }\n';

function extend(files: Files, base: Files = {}, bases = '../base'): CompileResult {
  return compileFolders({
    base: { ...small, ...base },
    own: { 'connector.yaml': header('own', bases), ...files },
  });
}

const codes = ({ diagnostics }: CompileResult) =>
  diagnostics.map(({ location, code, fix }) => `${location.file} ${code}: ${fix}`);

describe('extends', () => {
  it('has the operations and tables of the base beside its own, and says where each comes from', () => {
    const { definition, diagnostics } = extend({
      'schemas/tables/ticket.yaml': ticket('all'),
      'actions/ticket.act.yaml': action(),
    });
    expect(diagnostics).to.deep.equal([]);
    expect(definition).to.include({ id: 'own', version: '2.0.0' });
    expect(definition!.bases).to.deep.equal([{ id: 'try-out', version: '1.0.0' }]);
    expect(definition!.actions['case.read']).to.include({ from: 'try-out', file: 'actions/case.read.yaml' });
    expect(definition!.actions['ticket.act']).not.to.have.property('from');
    expect(definition!.tables.case).to.include({ from: 'try-out' });
    expect(definition!.tables.ticket).not.to.have.property('from');
  });

  it('adds columns, choices and labels to a table of the base', () => {
    const { definition, diagnostics } = extend({
      'schemas/tables/case.yaml': `properties:
  priority: { title: Urgency, x-choices: { urgent: 4 }, x-filter: true }
  serial: { title: Serial number, type: string, maxLength: 40, x-column: new_serial }
keys: [[serial]]
required: [serial]
`,
    });
    expect(diagnostics).to.deep.equal([]);
    const { columns, keys } = definition!.tables.case!;
    const column = (name: string) => columns.find((one) => one.name === name);
    expect(column('priority')).to.deep.include({
      title: 'Urgency',
      logicalName: 'prioritycode',
      choices: { high: 1, normal: 2, low: 3, urgent: 4 },
      from: 'try-out',
    });
    expect(column('serial')).to.include({ logicalName: 'new_serial', required: true });
    expect(column('serial')).not.to.have.property('from');
    expect(keys).to.deep.equal([['serial']]);
  });

  it('merges a column that the next version of the base has too, if name and type are the same', () => {
    const own = {
      'schemas/tables/case.yaml':
        'properties:\n  serial: { title: Serial number, type: string, x-column: new_serial, maxLength: 40 }\n',
    };
    const next = (column: string) => ({
      'schemas/tables/case.yaml': small['schemas/tables/case.yaml']!.replace(
        'operations: all',
        `  ${column}`,
      ),
    });
    const same = next('serial: { title: Serial, type: string, x-column: new_serial, maxLength: 100 }');
    const { definition, diagnostics } = extend(own, same);
    expect(diagnostics).to.deep.equal([]);
    const columns = definition!.tables.case!.columns.filter(({ name }) => name === 'serial');
    expect(columns.map(({ title }) => title)).to.deep.equal(['Serial number']);
    const renamed = next('serialNumber: { title: Serial, type: string, x-column: new_serial, maxLength: 9 }');
    expect(codes(extend(own, renamed))).to.deep.equal([
      'schemas/tables/case.yaml E112: rename "serial" to "serialNumber", or remove it',
    ]);
    const other = next('serial: { title: Serial, type: integer, x-column: new_serial }');
    expect(codes(extend(own, other))).to.deep.equal([
      'schemas/tables/case.yaml E113: use the same type, or leave the type out',
    ]);
  });

  it('replaces an operation only if its file says so', () => {
    expect(codes(extend({ 'actions/case.read.yaml': action() }))).to.deep.equal([
      'actions/case.read.yaml E109: add replaces: case.read, or rename the file',
    ]);
    const { definition, diagnostics } = extend({ 'actions/case.read.yaml': action('replaces: case.read\n') });
    expect(diagnostics).to.deep.equal([]);
    expect(definition!.actions['case.read']).to.include({ title: 'Act' }).and.not.have.property('from');
  });

  it('reports an operation that the next version of the base defines for a table and a template', () => {
    const own = { 'schemas/tables/case.yaml': 'operations: [fetch]\n', 'actions/_.fetch.yaml': template('') };
    expect(codes(extend(own, listing)).filter((one) => !one.includes('M119'))).to.deep.equal([]);
    expect(extend(own, listing).definition!.actions).to.have.property('case.fetch');
    expect(codes(extend(own, { ...listing, 'actions/case.fetch.yaml': action() }))).to.include(
      'schemas/tables/case.yaml E109: remove it here, or write case.fetch.yaml with replaces: case.fetch',
    );
    expect(codes(extend(own, { 'actions/_.fetch.yaml': template('') }))).to.include(
      'actions/_.fetch.yaml E109: add replaces: _.fetch, or rename the file',
    );
  });

  it('replaces a template for all tables', () => {
    const base = { 'actions/_.fetch.yaml': template('') };
    const { definition } = extend(
      {
        'actions/_.fetch.yaml': template('replaces: _.fetch\n').replace('Fetch', 'Load'),
        'schemas/tables/ticket.yaml': ticket('[fetch]'),
      },
      base,
    );
    expect(definition!.actions['case.fetch']!.title).to.equal('Load case');
    expect(definition!.actions['ticket.fetch']!.title).to.equal('Load ticket');
  });

  it('gives a new table the templates of the base that it asks for, or all that fit', () => {
    const base = {
      'actions/_.fetch.yaml': template(''),
      'actions/_.raise.yaml': raise,
      'actions/_.merge.yaml': template('explicit: true\n'),
      'triggers/_.created.yaml':
        'title: "{{table.title}} created"\ndescription: Starts.\nwatch: { table: "{{table.name}}", changes: [created], every: 60s }\n',
    };
    const own = (operations: string) => extend({ 'schemas/tables/ticket.yaml': ticket(operations) }, base);
    const ids = ({ definition }: CompileResult) =>
      [...Object.keys(definition!.actions), ...Object.keys(definition!.triggers)].filter((id) =>
        id.startsWith('ticket.'),
      );
    expect(ids(own('all'))).to.deep.equal(['ticket.fetch', 'ticket.created']);
    expect(ids(own('[merge]'))).to.deep.equal(['ticket.merge']);
    expect(own('all').definition!.actions['ticket.fetch']).to.include({
      from: 'try-out',
      file: 'actions/_.fetch.yaml',
    });
    expect(codes(own('[fetch, raise]'))).to.deep.equal([
      'schemas/tables/ticket.yaml M120: remove it, or add what it needs to the table',
    ]);
    expect(codes(own('[fetsh]'))).to.deep.equal(['schemas/tables/ticket.yaml M122: did you mean "fetch"?']);
  });

  it('refers to tables of the base by name, and to its own also by path', () => {
    const input = (ref: string) => ({
      'actions/case.note.yaml': `title: Note\ndescription: Notes.\ninput: { properties: { priority: { $ref: ${ref} } } }\nrequest: { method: POST, path: /Act, body: { P: "{{input.priority}}" } }\n`,
    });
    expect(codes(extend(input('case#priority')))).to.deep.equal([
      'actions/case.note.yaml M119: add tests: with the request and the response',
    ]);
    expect(codes(extend(input('../schemas/tables/case.yaml#/properties/priority')))).to.include(
      'actions/case.note.yaml E116: write case#priority',
    );
    expect(codes(extend(input('../../secret/case.yaml#/properties/priority')))).to.include(
      'actions/case.note.yaml E116: write the name of the table: case#state',
    );
  });

  it('extends a chain of connectors, and two that extend the same one', () => {
    const result = compileFolders({
      base: small,
      sales: { 'connector.yaml': header('sales', '../base'), 'actions/case.sell.yaml': action() },
      care: { 'connector.yaml': header('care', '../base'), 'actions/case.care.yaml': action() },
      own: { 'connector.yaml': header('own', '[../sales, ../care]') },
    });
    expect(result.diagnostics).to.deep.equal([]);
    const origins = Object.values(result.definition!.actions).map(({ id, from }) => `${id} ${from}`);
    expect(origins).to.deep.equal(['case.care care', 'case.read try-out', 'case.sell sales']);
    expect(result.definition!.bases!.map(({ id }) => id)).to.deep.equal(['try-out', 'sales', 'care']);
  });

  it('reports two bases that define the same operation, unless an own file replaces it', () => {
    const bases = {
      base: small,
      sales: { 'connector.yaml': header('sales', '../base'), 'actions/case.act.yaml': action() },
      care: { 'connector.yaml': header('care', '../base'), 'actions/case.act.yaml': action() },
    };
    const own = { 'connector.yaml': header('own', '[../sales, ../care]') };
    expect(codes(compileFolders({ ...bases, own }))).to.deep.equal([
      '../care/actions/case.act.yaml E111: extend one of them, or add a file of your own with replaces: case.act',
    ]);
    const replaced = { ...own, 'actions/case.act.yaml': action('replaces: case.act\n') };
    expect(codes(compileFolders({ ...bases, own: replaced }))).to.deep.equal([]);
  });

  it('lowers the limits of retries, and replaces the featured actions', () => {
    const more = 'retry: { maxAttempts: 2, budget: 30s }\nfeatured: [case.read]\n';
    const { definition, diagnostics } = extend({ 'connector.yaml': header('own', '../base', more) });
    expect(diagnostics).to.deep.equal([]);
    expect(definition!.retry).to.deep.equal({ maxAttempts: 2, budgetMs: 30_000 });
    expect(definition!.featured).to.deep.equal(['case.read']);
    const longer = extend({ 'connector.yaml': header('own', '../base', 'retry: { budget: 10m }\n') });
    expect(codes(longer)).to.deep.equal(['connector.yaml E108: write at most 90s, or remove it']);
  });

  it('runs the tests of the base with the base alone, so a new required column does not break them', () => {
    const test =
      'tests:\n  - { name: created, input: { title: A }, sends: { method: PATCH, path: "/incidents(x)" }, receives: { status: 200, body: {} } }\n';
    const base = {
      'actions/case.add.yaml': `title: Add\ndescription: Adds.\ninput: { columns: writable }\nrequest: { create: case, values: "{{input}}" }\n${test}`,
    };
    const own = {
      'schemas/tables/case.yaml':
        'required: [serial]\nproperties:\n  serial: { title: Serial, type: string, maxLength: 9, x-column: new_serial }\n',
    };
    const { definition, diagnostics } = extend(own, base);
    expect(diagnostics).to.deep.equal([]);
    expect(definition!.actions['case.add']!.input.required).to.deep.equal(['title', 'serial']);
    expect(definition!.actions['case.add']!.tests).to.deep.equal([]);
  });

  it('reports broken columns of both, and nothing that follows from them', () => {
    const base = {
      'schemas/tables/case.yaml': small['schemas/tables/case.yaml']!.replace(
        'properties:',
        'properties:\n  broken:',
      ),
    };
    const own = { 'schemas/tables/case.yaml': 'properties:\n  title:\n  serial: 5\n' };
    expect(codes(extend(own, base)).map((one) => one.split(':')[0])).to.deep.equal([
      '../base/schemas/tables/case.yaml M104',
      'schemas/tables/case.yaml M104',
      'schemas/tables/case.yaml M104',
    ]);
  });

  it('needs x-table for a table that no base has', () => {
    expect(codes(extend({ 'schemas/tables/caze.yaml': 'properties: { a: { title: A } }\n' }))).to.deep.equal([
      'schemas/tables/caze.yaml M103: add x-table, title, description and required, or name the file case.yaml',
    ]);
  });
});
