import { expect } from 'chai';
import { describeOperation } from '../../src/host-view/describe-operation.ts';
import type { OperationView } from '../../src/host-view/operation-view.ts';
import type { ConnectorDefinition } from '../../src/model/definition.ts';
import { compileSmall, realDefinition } from '../manifest/support/manifests.ts';

const definition = realDefinition();

function view(id: string): OperationView {
  const operation = definition.actions[id] ?? definition.triggers[id];
  if (operation === undefined) throw new Error(`no operation ${id}`);
  return describeOperation(definition, operation);
}

function field(id: string, name: string) {
  return view(id).fields.find((one) => one.name === name);
}

describe('host view of an operation', () => {
  const views = [...Object.keys(definition.actions), ...Object.keys(definition.triggers)].map(view);

  it('has a short name that is unique within its group, for every action and trigger', () => {
    const names = views.map(({ kind, group, name }) => `${kind} ${group}: ${name}`);
    expect(names).to.deep.equal([...new Set(names)]);
    expect(view('case.resolve')).to.include({ group: 'Case', name: 'Resolve' });
    expect(view('case.add-note').name).to.equal('Add note');
    expect(view('case.upsert').name).to.equal('Create or update');
    expect(view('case.sla-missed').name).to.equal('Missed its SLA');
  });

  it('lists required fields first, and asks for those without a default', () => {
    for (const { fields } of views) {
      const firstOptional = fields.findIndex(({ required }) => !required);
      const rest = firstOptional < 0 ? [] : fields.slice(firstOptional);
      expect(rest.filter(({ required }) => required)).to.deep.equal([]);
    }
    const names = view('case.resolve').fields.flatMap(({ name, required }) => (required ? [name] : []));
    expect(names).to.deep.equal(['id', 'subject']);
    expect(field('case.resolve', 'status')).to.include({ required: false, default: 'problem-solved' });
  });

  it('offers rows for ids and lookups: users, teams, queues and any other table', () => {
    expect(field('case.create', 'customer')).to.deep.include({
      kind: 'lookup',
      pickList: { from: 'rows', tables: ['account', 'contact'], value: 'table/id' },
    });
    expect(field('case.add-to-queue', 'queueId')?.pickList).to.deep.include({
      tables: ['queue'],
      value: 'id',
    });
    expect(field('case.list', 'ownerId')?.pickList).to.deep.include({ tables: ['user', 'team'] });
    expect(field('record.delete', 'id')?.pickList).to.deep.include({ tables: [{ field: 'table' }] });
    expect(field('email.send-new', 'to')?.kind).to.equal('people');
    expect(field('team.add-members', 'users')).to.deep.include({
      kind: 'lookups',
      pickList: { from: 'rows', tables: ['user'], value: 'id' },
    });
  });

  it('offers choices, tables and columns of the organization', () => {
    expect(field('case.create', 'priority')?.pickList).to.deep.equal({
      from: 'choices',
      table: 'case',
      column: 'priority',
    });
    expect(field('record.list', 'table')?.pickList).to.deep.equal({ from: 'tables' });
    expect(field('record.list', 'select')?.pickList).to.deep.include({
      table: { field: 'table' },
      use: 'read',
    });
    expect(field('case.create', 'customColumns')).to.deep.include({
      kind: 'values',
      pickList: { from: 'columns', table: 'case', use: 'create', custom: true },
    });
    expect(field('case.updated', 'customColumns')?.pickList).to.deep.include({ table: 'case', use: 'watch' });
  });

  it('shows fixed values by their words', () => {
    const options = {
      from: 'values',
      options: [
        { value: 'asc', label: 'Asc' },
        { value: 'desc', label: 'Desc' },
      ],
    };
    expect(field('case.list', 'direction')?.pickList).to.deep.equal(options);
  });

  it('tells files and long texts from other texts', () => {
    expect(field('note.attach', 'content')?.kind).to.equal('file');
    expect(field('case.create', 'description')?.kind).to.equal('long-text');
    expect(field('case.create', 'title')?.kind).to.equal('text');
  });

  it('has the words that people use, from the table, the operation and its verb', () => {
    expect(view('case.resolve').keywords).to.include.members(['ticket', 'incident', 'close']);
    expect(view('case.assign').keywords).to.include('reassign');
    expect(view('note.attach').keywords).to.include('upload');
    const keywords = 'keywords: [tidy up]';
    const small = compileSmall({
      'actions/case.clean.yaml': `title: Clean case\ndescription: Cleans.\n${keywords}\nrequest: { method: POST, path: /Clean }\n`,
    }).definition as ConnectorDefinition;
    const clean = small.actions['case.clean'];
    expect(clean && describeOperation(small, clean).keywords).to.include('tidy up');
  });

  it('tells what an action answers, and which columns its rows can have', () => {
    const { answer } = view('case.list');
    expect(answer).to.include({ kind: 'rows', table: 'case', text: 'A list of cases.' });
    expect(answer.columns.map(({ name }) => name)).to.include.members(answer.mainColumns);
    expect(answer.mainColumns).to.include.members([
      'id',
      'number',
      'title',
      'customer',
      'priority',
      'status',
    ]);
    expect(answer.mainColumns.length).to.be.lessThan(answer.columns.length / 2);
    expect(view('case.count').answer.kind).to.equal('count');
    expect(view('note.download').answer.kind).to.equal('file');
    expect(view('case.deleted').answer.columns.map(({ name }) => name)).to.deep.equal(['id']);
  });
});
