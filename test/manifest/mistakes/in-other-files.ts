import { change, type Mistake } from './mistake.ts';

const table = change(
  'schemas/tables/thing.yaml',
  `x-table: { name: new_thing, entitySet: new_things, key: new_thingid, primaryName: new_name, plural: Things }
title: Thing
description: Things that are lent.
required: [name]
properties:
  id: { title: Id, type: string, format: uuid, x-column: new_thingid, readOnly: true }
  name: { title: Name, type: string, maxLength: 100, x-column: new_name }
  color: { title: Color, x-column: new_color, x-choices: { red: 1, green: 2 } }
  borrower: { title: Borrower, x-lookup: { column: new_borrower, targets: { case: new_Case } } }
operations: all
`,
);

const trigger = change(
  'triggers/case.turned.yaml',
  `title: Case turned
description: Starts when the priority of a case is high.
watch:
  table: case
  changes: [updated]
  changedTo: { priority: high }
  every: 60s
tests:
  - name: nothing is new
    polls: [{ at: "2026-01-15T09:00:00Z", exchanges: [{ receives: { status: 200, body: { value: [] } } }], emits: [] }]
`,
);

const rows = change(
  'triggers/case.turned.yaml',
  `title: Case turned
description: Starts when a case changes.
watch: { table: case, changes: [updated], every: 60s }
tests:
  - name: reports a change
    polls:
      - { at: "2026-01-15T09:00:00Z", rows: [], emits: [] }
      - { at: "2026-01-15T09:01:00Z", rows: [{ id: 2a8f6a3e-6f0c-4b6e-9f0e-6f1f6a3e2b10, priority: high }], emits: [] }
`,
);

export const mistakesInOtherFiles: readonly Mistake[] = [
  rows("Dataverse's name in a row of a test", 'priority: high', 'prioritycode: high', {
    code: 'M114',
    at: 'prioritycode',
    says: /no column "prioritycode"/,
    edit: 'priority',
  }),
  rows('an unknown label in a row of a test', 'priority: high', 'priority: hihg', {
    code: 'M114',
    at: 'hihg',
    says: /must be one of: high, normal, low/,
    edit: 'high',
  }),
  rows('rows beside requests', ', rows: [], emits', ', exchanges: [], emits', {
    code: 'M112',
    at: 'at',
    says: /states no requests/,
    fix: /rows in every poll/,
  }),
  rows('a first poll without rows', ', rows: [], emits', ', emits', {
    code: 'M112',
    at: 'at',
    says: /first poll states no rows/,
    fix: /add rows: \[\]/,
  }),
  table('a lookup to an unknown table', '{ case: new_Case }', '{ csae: new_Case }', {
    code: 'S104',
    at: 'csae',
    says: /no schemas\/tables\/csae\.yaml/,
    fix: /entitySet/,
  }),
  table('two labels with one number', 'green: 2', 'green: 1', {
    code: 'S106',
    at: '1',
    says: /"red" and "green" have the same number/,
    fix: /own number/,
    related: '1',
  }),
  table(
    'a table without its id',
    '  id: { title: Id, type: string, format: uuid, x-column: new_thingid, readOnly: true }\n',
    '',
    { code: 'S109', at: 'properties', says: /"id" must be the key/, fix: /x-column: new_thingid/ },
  ),
  table('two names of one column', 'x-column: new_color', 'x-column: new_name', {
    code: 'S110',
    at: 'color',
    says: /the same column/,
    fix: /x-column/,
    related: 'name',
  }),
  table('a required column that does not exist', 'required: [name]', 'required: [nmae]', {
    code: 'S105',
    at: 'nmae',
    says: /not a property/,
    fix: /name/,
  }),
  table('a required column that is like none', 'required: [name]', 'required: [owner]', {
    code: 'S105',
    at: 'owner',
    says: /"owner" is required/,
    fix: /add owner to the properties, or remove it/,
  }),
  table('another name for the entity set', 'entitySet: new_things', 'set: new_things', {
    code: 'M102',
    at: 'set',
    says: /unknown property "set"/,
    fix: /write entitySet/,
  }),
  table(
    'the entity set of a lookup target',
    '{ case: new_Case }',
    '{ case: { navigation: new_Case, set: incidents } }',
    {
      code: 'M102',
      at: 'set',
      says: /unknown property "set"/,
      fix: /write entitySet/,
    },
  ),
  table('a misspelled annotation', 'x-column: new_color', 'x-colum: new_color', {
    code: 'M102',
    at: 'x-colum',
    says: /unknown/,
    edit: 'x-column',
  }),
  trigger('a condition that is no list', '  every', "  where: contains(title,'a')\n  every", {
    code: 'M104',
    at: "contains(title,'a')",
    says: /must be a list/,
    edit: `["contains(title,'a')"]`,
  }),
  trigger('an unknown label', 'priority: high', 'priority: urgent', {
    code: 'S112',
    at: 'urgent',
    says: /one of: high/,
    fix: /one of: high/,
  }),
  trigger('an interval without a unit', 'every: 60s', 'every: 60', {
    code: 'M104',
    at: '60',
    says: /"every" must be text/,
    edit: '60s',
  }),
  trigger('an interval in words', 'every: 60s', 'every: 1 minute', {
    code: 'M104',
    at: '1 minute',
    says: /must look like "60s"/,
    edit: '1m',
  }),
  trigger('an interval in days', 'every: 60s', 'every: 1 day', {
    code: 'M104',
    at: '1 day',
    says: /must look like "60s"/,
    fix: /60s/,
  }),
  trigger('one change instead of a list', 'changes: [updated]', 'changes: updated', {
    code: 'M104',
    at: 'updated',
    says: /must be a list/,
    edit: '[updated]',
  }),
  trigger('another word for a change', 'changes: [updated]', 'changes: [modified]', {
    code: 'M104',
    at: 'modified',
    says: /one of: created/,
    edit: 'updated',
  }),
  trigger('a deadline and changes', 'changes: [updated]', 'changes: [updated]\n  due: createdOn', {
    code: 'M116',
    at: 'due',
    says: /either changes or a due column/,
    fix: /write changes/,
    related: 'changes',
  }),
  trigger('a misspelled column', 'changedTo: { priority: high }', 'columns: [priorty]', {
    code: 'S111',
    at: 'priorty',
    says: /no column "priorty"/,
    fix: /priority/,
  }),
  table('an unknown operation', 'operations: all', 'operations: [gett]', {
    code: 'M122',
    at: 'gett',
    says: /no template "gett"/,
    fix: /actions\/_\.gett\.yaml/,
  }),
  {
    name: 'an unknown table variable',
    file: 'actions/_.show.yaml',
    text: 'title: Show {{table.nam}}\ndescription: Shows.\nrequest: { count: "{{table.name}}" }\n',
    code: 'T112',
    at: '{{table.nam}}',
    says: /no such table variable/,
    fix: /table\.name/,
  },
];
