import { expect } from 'chai';
import { type ConnectorDefinition, loadConnector } from 'dynamics365-connector';
import { buildActionProperties, buildTriggerProperties, createListMethods } from '../src/index.ts';
import type { NodeProperty, NodePropertyOption } from '../src/n8n-types.ts';
import { createFakeContext } from './fake-n8n.ts';

describe('the forms for n8n', () => {
  let definition: ConnectorDefinition;
  let actions: readonly NodeProperty[];
  let triggers: readonly NodeProperty[];
  before(async () => {
    ({ definition } = await loadConnector());
    actions = buildActionProperties(definition);
    triggers = buildTriggerProperties(definition);
  });

  const of = (operation: string) =>
    actions.filter(({ displayOptions }) => displayOptions?.show.operation?.includes(operation));
  const find = (fields: readonly NodeProperty[], name: string) => fields.find((one) => one.name === name)!;
  const optional = (fields: readonly NodeProperty[]) =>
    (find(fields, 'additionalFields')?.options ?? []) as readonly NodeProperty[];

  it('have every action under its resource, and every trigger', () => {
    const offered = actions
      .filter(({ name }) => name === 'operation')
      .flatMap(({ options }) => options as NodePropertyOption[]);
    expect(offered.map(({ value }) => value)).to.have.members(Object.keys(definition.actions));
    expect((triggers[0]!.options as NodePropertyOption[]).map(({ value }) => value)).to.have.members(
      Object.keys(definition.triggers),
    );
  });

  it('ask for each input of each action once: the needed ones as fields, the others as additions', () => {
    for (const { id, input, pagination, handler } of Object.values(definition.actions)) {
      if (handler === 'attachFile') continue;
      const { required = [], properties } = input as { required?: string[]; properties: object };
      const asked = [...of(id), ...optional(of(id))].map(({ name }) => name);
      const own = asked.filter(
        (name) => !['additionalFields', 'returnAll', 'binaryPropertyName', 'options'].includes(name),
      );
      expect(own, id).to.have.members(Object.keys(properties));
      const atTop = of(id).map(({ name }) => name);
      expect(atTop, id).to.include.members(required);
      if (pagination !== undefined)
        expect(atTop, id).to.include.members(['returnAll', pagination.limitInput]);
    }
  });

  it('use no name twice within an operation, and none that the node itself has', () => {
    for (const id of Object.keys(definition.actions)) {
      const names = of(id).map(({ name }) => name);
      expect(new Set(names).size, id).to.equal(names.length);
      expect(names, id).to.not.include.members(['resource']);
    }
  });

  it('draw each kind of value as n8n does', () => {
    const fields = of('case.create');
    const others = optional(fields);
    expect(find(fields, 'customer')).to.include({ type: 'resourceLocator', required: true });
    expect(find(others, 'priority').typeOptions).to.deep.equal({
      loadOptionsMethod: 'choicesOf case.priority',
    });
    expect(find(others, 'escalated').type).to.equal('boolean');
    expect(find(others, 'followUpBy').type).to.equal('dateTime');
    expect(find(others, 'description').typeOptions).to.deep.equal({ rows: 4 });
    expect(find(of('record.create'), 'values').type).to.equal('resourceMapper');
    expect(find(of('record.create'), 'table').typeOptions).to.deep.equal({ loadOptionsMethod: 'getTables' });
    expect(find(optional(of('record.list')), 'select').type).to.equal('multiOptions');
    expect(find(of('note.attach'), 'binaryPropertyName').default).to.equal('data');
  });

  it('offer those options of a call that the action can use', () => {
    const offered = (id: string) => {
      const { options } = find(of(id), 'options');
      return (options as readonly NodeProperty[]).map(({ name }) => name);
    };
    const any = ['asUser', 'bypassPlugins', 'bypassLogic', 'bypassFlows'];
    expect(offered('case.list')).to.deep.equal(['asUser']);
    for (const id of ['case.create', 'case.upsert', 'record.create', 'changeset.run'])
      expect(offered(id), id).to.have.members([...any, 'detectDuplicates']);
    for (const id of ['case.update', 'record.update'])
      expect(offered(id), id).to.have.members([...any, 'detectDuplicates', 'ifVersion']);
    for (const id of ['case.delete', 'record.delete'])
      expect(offered(id), id).to.have.members([...any, 'ifVersion']);
    for (const id of ['case.resolve', 'case.associate', 'case.disassociate'])
      expect(offered(id), id).to.have.members(any);
  });

  it('call a column in a list of choices what people call it', () => {
    const named = ({ options = [] }: NodeProperty) =>
      (options as NodePropertyOption[]).map(({ name }) => name);
    expect(named(find(optional(of('case.list')), 'orderBy'))).to.deep.equal([
      'Created on',
      'Modified on',
      'Priority',
    ]);
    expect(named(find(of('contact.upsert'), 'matchOn'))).to.include.members(['E-mail', 'Business phone']);
  });

  it('show below a field for JSON what it may look like', () => {
    const shown = (operation: string, name: string) => {
      const { hint = '' } = find([...of(operation), ...optional(of(operation))], name);
      return JSON.parse(hint.replace('Such as ', ''));
    };
    expect(shown('email.send-new', 'to')).to.deep.equal([{ address: 'ann@example.com' }]);
    expect(shown('changeset.run', 'steps')[0]).to.include({ action: 'account.create' });
    expect(shown('record.associate', 'target')).to.include({ table: 'lead' }).and.have.property('id');
    expect(shown('team.add-members', 'users')[0]).to.have.all.keys('id');
  });

  it('name only lists that can be filled', () => {
    const { loadOptions, listSearch, resourceMapping } = createListMethods(createFakeContext(definition));
    const named = (value: unknown): string[] => {
      if (typeof value !== 'object' || value === null) return [];
      return Object.entries(value).flatMap(([name, inner]) =>
        /Method$/.test(name) ? [String(inner)] : named(inner),
      );
    };
    const known = Object.keys({ ...loadOptions, ...listSearch, ...resourceMapping });
    expect([...new Set(named([actions, triggers]))].filter((name) => !known.includes(name))).to.deep.equal(
      [],
    );
  });

  it('say in the trigger itself what n8n does not promise', () => {
    expect(find(triggers, 'promise').displayName).to.match(/before it runs the workflow/);
  });
});
