import { expect } from 'chai';
import type { ConnectorDefinition, RequestAction } from '../../src/model/definition.ts';
import type { Placeholder, Template } from '../../src/model/template.ts';
import { compile, compileSmall, realFiles } from './support/manifests.ts';

/** The text of a template. */
function textOf({ parts }: Template): string {
  return parts.map((part) => (typeof part === 'string' ? part : `{{${part.path.join('.')}}}`)).join('');
}

const placeholdersOf = ({ parts }: Template): readonly Placeholder[] =>
  parts.filter((part) => typeof part === 'object');

describe('the manifest of this repository', () => {
  let definition: ConnectorDefinition;

  before(() => {
    const compiled = compile(realFiles());
    expect(compiled.diagnostics).to.deep.equal([]);
    definition = compiled.definition!;
  });

  it('compiles to plain data that can be written as JSON', () => {
    expect(JSON.parse(JSON.stringify(definition))).to.deep.equal(definition);
  });

  it('is frozen, with everything in it', () => {
    const notFrozen: string[] = [];
    const visit = (value: unknown, path: string) => {
      if (typeof value !== 'object' || value === null) return;
      if (!Object.isFrozen(value)) notFrozen.push(path);
      for (const [key, inner] of Object.entries(value)) visit(inner, `${path}/${key}`);
    };
    visit(definition, '');
    expect(notFrozen).to.deep.equal([]);
  });

  it('case.get: reads a case by its id', () => {
    const { request, output, effects, group, title } = definition.actions['case.get'] as RequestAction;
    expect({ title, group, output }).to.deep.equal({
      title: 'Get case',
      group: 'Case',
      output: { kind: 'row', table: 'case' },
    });
    expect(request.method).to.equal('GET');
    expect(request.path).to.deep.equal({
      parts: ['/incidents(', { path: ['input', 'id'], type: { kind: 'uuid' }, position: 'key' }, ')'],
    });
    expect(effects).to.deep.equal({ readOnly: true, destructive: false, idempotent: true, bulk: false });
  });

  it('case.list: compiles each clause with the positions of its placeholders', () => {
    const { request, pagination, output } = definition.actions['case.list'] as RequestAction;
    const [filter, orderBy] = request.query;
    if (filter?.kind !== 'clauses' || orderBy?.kind !== 'text')
      throw new Error('a filter and an order are missing');
    expect(filter.clauses.map(textOf)).to.include.members([
      'statecode eq {{input.state}}',
      'contains(title, {{input.search}})',
    ]);
    const positions = filter.clauses
      .flatMap(placeholdersOf)
      .map(({ position, type }) => `${position} ${type.kind}`);
    expect(positions).to.include.members(['filter-value choice', 'filter-value uuid', 'filter-text string']);
    expect(placeholdersOf(orderBy.template).map(({ position }) => position)).to.deep.equal([
      'order',
      'order',
    ]);
    expect(pagination).to.deep.equal({ limitInput: 'limit', defaultLimit: 100 });
    expect(output).to.deep.equal({ kind: 'rows', table: 'case' });
  });

  it('case.create: sends a new id and requires the columns that the table requires', () => {
    const { request, input, effects } = definition.actions['case.create'] as RequestAction;
    expect(textOf(request.path)).to.equal('/incidents({{new.id}})');
    expect([request.method, request.safety]).to.deep.equal(['PATCH', 'create']);
    expect(input.required).to.deep.equal(['title', 'customer']);
    expect(Object.keys(input.properties as object))
      .to.include('priority')
      .and.not.include('createdOn');
    expect(effects.idempotent).to.equal(false);
  });

  it('case.update: accepts null only for columns that can be empty', () => {
    const { request, input } = definition.actions['case.update'] as RequestAction;
    const properties = input.properties as Readonly<
      Record<string, { type?: unknown; anyOf?: readonly unknown[] }>
    >;
    expect([request.method, request.safety]).to.deep.equal(['PATCH', 'repeatable']);
    expect(input.required).to.deep.equal(['id']);
    expect(properties.title?.type).to.equal('string');
    expect(properties.description?.type).to.deep.equal(['string', 'null']);
    expect(properties.priority?.anyOf).to.deep.include({ type: 'null' });
    expect(request.body).to.include({ kind: 'row', table: 'case' });
    expect((request.body as { omit: readonly string[] }).omit).to.deep.equal(['id']);
  });

  it('case.delete: is destructive and returns nothing', () => {
    const { request, output, outputSchema, effects } = definition.actions['case.delete'] as RequestAction;
    expect([request.method, request.safety, output.kind]).to.deep.equal(['DELETE', 'delete', 'none']);
    expect(outputSchema).to.deep.equal({ type: 'null' });
    expect(effects).to.deep.equal({ readOnly: false, destructive: true, idempotent: true, bulk: false });
  });

  it('case.resolve: is sent once and verified by the state of the case', () => {
    const { request } = definition.actions['case.resolve'] as RequestAction;
    expect([request.method, request.safety]).to.deep.equal(['POST', 'once']);
    expect(request.verifyWith?.select).to.deep.equal(['statecode']);
    expect(request.verifyWith?.expect).to.deep.equal({ statecode: 1 });
  });

  it('has no $ref and no x- annotation in any compiled schema', () => {
    const schemas = Object.values({ ...definition.actions, ...definition.triggers }).map((operation) => [
      operation.input,
      operation.outputSchema,
    ]);
    expect(JSON.stringify(schemas)).not.to.match(/"\$ref"|"x-[a-z]+"/);
  });

  it('compiles the names, labels and bindings of the table case', () => {
    const columns = new Map(definition.tables.case!.columns.map((column) => [column.name, column]));
    expect(columns.get('customer')).to.deep.include({
      logicalName: 'customerid',
      wireName: '_customerid_value',
      type: 'lookup',
      required: true,
    });
    const target = (table: string) => ({
      table,
      logicalName: table,
      entitySet: `${table}s`,
      navigation: `customerid_${table}`,
      key: `${table}id`,
    });
    expect(columns.get('customer')!.targets).to.deep.equal([target('account'), target('contact')]);
    expect(columns.get('state')!.choices).to.deep.equal({ active: 0, resolved: 1, canceled: 2 });
    expect(columns.get('version')).to.include({ type: 'bigint', writable: false });
  });

  it('case.created: watches new cases, filtered by priority', () => {
    const { watch } = definition.triggers['case.created']!;
    expect(watch).to.deep.include({ table: 'case', changes: ['created'], intervalMs: 60_000 });
    expect(watch.where.map(textOf)).to.include('prioritycode eq {{input.priority}}');
  });

  it('has a test in every file', () => {
    const tested = new Set<string>();
    const operations = Object.values({ ...definition.actions, ...definition.triggers });
    for (const { file, tests } of operations) if (tests.length > 0) tested.add(file);
    expect([...tested].sort()).to.deep.equal([...new Set(operations.map(({ file }) => file))].sort());
  });
});

const rename = `title: Rename case
description: Gives a case another title.
input:
  required: [id, title]
  properties:
    id: { $ref: ../schemas/tables/case.yaml#/properties/id }
    title: { $ref: ../schemas/tables/case.yaml#/properties/title }
request: { update: case, id: "{{input.id}}", values: { title: "{{input.title}}" } }
tests:
  - { name: a title is needed, input: {}, fails: { code: INPUT_INVALID } }
`;

describe('compileManifest', () => {
  it('adds one action for one more file', () => {
    const before = compile(realFiles()).definition!;
    const after = compile(realFiles().set('actions/case.rename.yaml', rename)).definition!;
    expect(Object.keys(after.actions)).to.deep.equal([...Object.keys(before.actions), 'case.rename'].sort());
    const { 'case.rename': added, ...others } = after.actions;
    expect(added?.title).to.equal('Rename case');
    expect(others).to.deep.equal(before.actions);
  });

  it('prefers the file of an operation to a template file', () => {
    const files = realFiles().set('actions/case.get.yaml', rename);
    const { actions } = compile(files).definition!;
    expect(actions['case.get']?.file).to.equal('actions/case.get.yaml');
    expect(actions['account.get']?.file).to.equal('actions/_.get.yaml');
  });

  it('gives the same definition for any order of the files', () => {
    const reversed = new Map([...realFiles()].reverse());
    expect(JSON.stringify(compile(reversed))).to.equal(JSON.stringify(compile(realFiles())));
  });

  it('filters a list by the columns with x-filter', () => {
    const list = `title: List cases
description: Lists cases.
input: { properties: { limit: { type: integer, minimum: 1, default: 5 } } }
request: { list: case, filters: table }
pagination: { limit: input.limit }
`;
    const { actions } = compileSmall({ 'actions/case.list.yaml': list }).definition!;
    const { input, request } = actions['case.list'] as RequestAction;
    expect(Object.keys(input.properties as object)).to.deep.equal([
      'limit',
      'state',
      'parentId',
      'columns',
      'customColumns',
      'expand',
    ]);
    const [filter] = request.query;
    expect(filter?.kind === 'clauses' && filter.clauses.map(textOf)).to.deep.equal([
      'statecode eq {{input.state}}',
      '_parentcaseid_value eq {{input.parentId}}',
    ]);
  });

  it('keeps literal values of a row, to be encoded by their columns', () => {
    const close = `title: Escalate case
description: Raises the priority.
input:
  required: [id]
  properties: { id: { $ref: ../schemas/tables/case.yaml#/properties/id } }
request: { update: case, id: "{{input.id}}", values: { priority: high, parent: null } }
`;
    const { actions } = compileSmall({ 'actions/case.escalate.yaml': close }).definition!;
    expect((actions['case.escalate'] as RequestAction).request.body).to.deep.equal({
      kind: 'row',
      table: 'case',
      omit: [],
      value: {
        kind: 'object',
        entries: [
          ['priority', { kind: 'literal', value: 'high' }],
          ['parent', { kind: 'literal', value: null }],
        ],
      },
    });
  });

  const values = (input: string, text: string) =>
    compileSmall({
      'actions/case.try.yaml': `title: Try\ndescription: Tries.\ninput: ${input}\nrequest: { create: case, values: ${text} }\n`,
    }).diagnostics.flatMap(({ severity, code }) => (severity === 'error' ? [code] : []));

  it('accepts an input for a column only if its type and labels match', () => {
    const ofType = (type: string) =>
      values(`{ properties: { x: ${type} } }`, '{ priority: "{{input.x}}", title: a }');
    expect(ofType('{ $ref: ../schemas/tables/case.yaml#/properties/priority }')).to.deep.equal([]);
    expect(ofType('{ x-choices: { high: 1, low: 3 } }')).to.deep.equal([]);
    expect(ofType('{ x-choices: { high: 9 } }')).to.deep.equal(['T105']);
    expect(ofType('{ x-choices: { urgent: 1 } }')).to.deep.equal(['T105']);
    expect(ofType('{ type: integer }')).to.deep.equal(['T105']);
  });

  it('checks the types of the inputs when values are "{{input}}"', () => {
    expect(
      values('{ columns: writable, properties: { title: { type: integer } } }', '"{{input}}"'),
    ).to.deep.equal(['T105']);
    expect(
      values('{ columns: writable, properties: { title: { type: string, maxLength: 9 } } }', '"{{input}}"'),
    ).to.deep.equal([]);
  });

  it('rejects null for a required column', () => {
    expect(values('{}', '{ title: null }')).to.deep.equal(['S112']);
    expect(values('{}', '{ title: a, parent: null }')).to.deep.equal([]);
  });

  describe('upsert and find', () => {
    const upsert = (request: string, mode = 'enum: [upsert, createOnly, updateOnly], default: upsert') => `
title: Save case
description: Saves a case.
input:
  columns: writable
  properties: { mode: { type: string, ${mode} } }
request: { upsert: case, values: "{{input}}", ${request} }
tests: [{ name: the columns must be named, input: { title: x }, fails: { code: INPUT_INVALID } }]
`;
    const messagesOf = (text: string) =>
      compileSmall({ 'actions/case.save.yaml': text }).diagnostics.map(
        ({ code, message }) => `${code} ${message}`,
      );

    it('upsert: adds the writable columns, the id and matchOn to the input', () => {
      const good = upsert('match: "{{input.matchOn}}", mode: "{{input.mode}}"');
      expect(messagesOf(good)).to.deep.equal([]);
      const { definition } = compileSmall({ 'actions/case.save.yaml': good });
      const { input, request } = definition!.actions['case.save'] as RequestAction;
      expect(Object.keys(input.properties as object)).to.deep.equal([
        'mode',
        'id',
        'title',
        'priority',
        'parent',
        'matchOn',
        'customColumns',
      ]);
      expect(input.required).to.deep.equal(['matchOn']);
      expect(request.match).to.deep.include({ table: 'case' });
    });

    it('upsert: requires enums of names for match and mode', () => {
      expect(messagesOf(upsert('match: "{{input.title}}", mode: "{{input.mode}}"'))[0]).to.match(
        /^T111 "match"/,
      );
      expect(messagesOf(upsert('match: "{{input.matchOn}}", mode: "{{input.title}}"'))[0]).to.match(
        /^T111 "mode"/,
      );
      const other = upsert(
        'match: "{{input.matchOn}}", mode: "{{input.mode}}"',
        'enum: [merge], default: merge',
      );
      expect(messagesOf(other)[0]).to.match(/^T111 "mode"/);
    });

    it('find: accepts only "{{input}}" for match', () => {
      const find = (match: string) => `
title: Find case
description: Finds a case.
input: { columns: keys }
request: { find: case, match: "${match}" }
tests: [{ name: a column is needed, input: {}, fails: { code: INPUT_INVALID } }]
`;
      expect(messagesOf(find('{{input}}'))).to.deep.equal([]);
      expect(messagesOf(find('{{input.title}}'))[0]).to.match(/^T111/);
    });
  });

  describe('request bodies', () => {
    const lend = (body: string) => `
title: Lend case
description: Hands a case out.
input:
  required: [id, to]
  properties:
    id: { $ref: ../schemas/tables/case.yaml#/properties/id }
    to: { title: To, x-lookup: { column: to, targets: { case: to, systemuser: { navigation: to, entitySet: systemusers } } } }
    rights: { title: Rights, type: array, items: { type: string, enum: [Read, Write] }, x-join: "," }
request: { method: POST, path: /Lend, body: ${body} }
tests: [{ name: an id is needed, input: {}, fails: { code: INPUT_INVALID } }]
`;
    const bodyOf = (text: string) =>
      (compileSmall({ 'actions/case.lend.yaml': text }).definition!.actions['case.lend'] as RequestAction)
        .request.body as unknown as { entries: readonly [string, { placeholder: { type: object } }][] };

    it('accept a lookup, with the key of its table, and a list that is joined to one text', () => {
      const { entries } = bodyOf(
        lend('{ To: "{{input.to}}", Mask: "{{input.rights}}", Id: "{{input.id}}" }'),
      );
      const types = Object.fromEntries(entries.map(([name, { placeholder }]) => [name, placeholder.type]));
      expect(types.To).to.have.nested.property('targets.0.key', 'incidentid');
      expect(types.Mask).to.deep.equal({ kind: 'names', names: ['Read', 'Write'], separator: ',' });
    });

    it('accept a lookup with a literal table and an id from the input', () => {
      const add = (table: string) => `
title: Add child
description: Makes a child case.
input: { required: [id], properties: { id: { $ref: ../schemas/tables/case.yaml#/properties/id } } }
request: { create: case, values: { title: Child, parent: { table: ${table}, id: "{{input.id}}" } } }
tests: [{ name: an id is needed, input: {}, fails: { code: INPUT_INVALID } }]
`;
      expect(compileSmall({ 'actions/case.add.yaml': add('case') }).diagnostics).to.deep.equal([]);
      const [diagnostic] = compileSmall({ 'actions/case.add.yaml': add('account') }).diagnostics;
      expect(diagnostic?.code).to.equal('S112');
    });
  });

  describe('actions with a handler', () => {
    const action = (more: string) => `
title: Reply
description: Replies.
input: { required: [id], properties: { id: { $ref: ../schemas/tables/case.yaml#/properties/id } } }
${more}
tests: [{ name: an id is needed, input: {}, fails: { code: INPUT_INVALID } }]
`;
    const codes = (text: string) =>
      compileSmall({ 'actions/case.reply.yaml': text }).diagnostics.map(({ code }) => code);

    it('name a known handler and have no request', () => {
      const good = action('handler: replyByEmail');
      expect(codes(good)).to.deep.equal([]);
      const { actions } = compileSmall({ 'actions/case.reply.yaml': good }).definition!;
      expect(actions['case.reply']).to.include({ handler: 'replyByEmail' }).and.not.have.property('request');
      expect(codes(action('handler: replyByEmail\nrequest: { get: case, id: "{{input.id}}" }'))).to.include(
        'M106',
      );
      expect(codes(action('handler: replyByMagic'))).to.deep.equal(['M104']);
      expect(codes(action(''))).to.deep.equal(['M103']);
    });
  });
});
