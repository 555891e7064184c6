import { expect } from 'chai';
import { compileSmall } from './support/manifests.ts';

const head = `title: Raise case
description: Reads a case and writes it.
input:
  required: [id]
  properties:
    id: { $ref: case#id }
    title: { $ref: case#title }
    count: { type: integer }
`;

const caseUpdate = `title: Update case
description: Updates a case.
input: { columns: writable, required: [id], properties: { id: { $ref: case#id } } }
request: { update: case, id: "{{input.id}}", values: "{{input}}" }
`;

const caseCreate = `title: Create case
description: Creates a case.
input: { columns: writable }
request: { create: case, values: "{{input}}" }
`;

const version =
  '  version: { title: Version, type: string, x-type: bigint, x-column: versionnumber, readOnly: true }\n';

/** The diagnostics of an action with these steps, as `line code: message -> fix`. */
function check(steps: string, { table = version, rest = '' } = {}): readonly string[] {
  const caseTable = `x-table: { name: incident, entitySet: incidents, key: incidentid, primaryName: title, plural: Cases }
title: Case
description: A case.
required: [title]
properties:
  id: { title: Id, type: string, format: uuid, x-column: incidentid, readOnly: true }
  title: { title: Title, type: string, maxLength: 20, x-column: title }
  priority: { title: Priority, x-column: prioritycode, x-choices: { high: 1, normal: 2 } }
  parent: { title: Parent, x-lookup: { column: parentcaseid, targets: { case: parentcaseid } } }
  createdOn: { title: Created on, type: string, format: date-time, x-column: createdon, readOnly: true }
${table}operations: all
`;
  const { diagnostics } = compileSmall({
    'schemas/tables/case.yaml': caseTable,
    'actions/case.update.yaml': caseUpdate,
    'actions/case.create.yaml': caseCreate,
    'actions/case.raise.yaml': `${head}${rest}steps:\n${steps}`,
  });
  return diagnostics
    .filter(
      ({ location, code }) =>
        location.file === 'actions/case.raise.yaml' && code !== 'M119' && code !== 'S113',
    )
    .map(({ code, message, fix, sourceLine, location }) => {
      const at = sourceLine.slice(location.column - 1, location.column - 1 + location.length);
      return `${at} | ${code} ${message} | ${fix}`;
    });
}

const read = '  - { name: old, action: case.read, input: { id: "{{input.id}}" } }\n';
const write = (input: string) => `  - { action: case.update, input: { id: "{{input.id}}", ${input} } }\n`;

describe('steps of an action are checked when they are loaded', () => {
  const cases: Readonly<Record<string, readonly [steps: string, expected: string]>> = {
    'an unknown action': [
      `${read}  - { action: case.updat, input: {} }\n`,
      'case.updat | M118 there is no action "case.updat" | did you mean "case.update"?',
    ],
    'an unknown input of an action': [
      `${read}${write('titel: x')}`,
      'titel | S123 unknown property "titel" | did you mean "title"?',
    ],
    'a missing input of an action': [
      `${read}  - { action: case.create, input: {} }\n`,
      'input | S123 "title" is required | add title: "{{input.title}}"',
    ],
    'a literal that the action does not take': [
      `${read}${write('priority: hihg')}`,
      'hihg | S123 "priority" must be one of: high, normal, a whole number, an object or null | did you mean high?',
    ],
    'a value of another type': [
      `${read}${write('title: "{{input.count}}"')}`,
      '{{input.count}} | S123 {{input.count}}: "title" takes free text, not an integer | use a value of that type; an input can have { $ref: table#column }',
    ],
    'a time for an id': [
      `${read}  - { action: case.update, input: { id: "{{steps.old.createdOn}}" } }\n`,
      '{{steps.old.createdOn}} | S123 {{steps.old.createdOn}}: "id" takes an id, not a date and time | use a value of that type; an input can have { $ref: table#column }',
    ],
    'a missing value that the action requires': [
      `${read}  - { action: case.create, input: { title: "{{input.title}}" } }\n`,
      '{{input.title}} | T108 {{input.title}}: the value is optional, but the action requires "title" | add it to required, or give it a default',
    ],
    'a step that comes later': [
      `${write('title: "{{steps.old.title}}"')}${read}`,
      '{{steps.old.title}} | T104 {{steps.old.title}}: no earlier step has the name "old" | name an earlier step, or move that step up',
    ],
    'an unknown value of a step': [
      `${read}${write('title: "{{steps.old.titel}}"')}`,
      '{{steps.old.titel}} | T104 {{steps.old.titel}}: the value has no property "titel" | write {{steps.old.title}}',
    ],
    'the name of a step without its root': [
      `${read}${write('title: "{{old.title}}"')}`,
      '{{old.title}} | T104 {{old.title}}: there is no "old" here | write {{steps.old.title}}',
    ],
    'keys of other formats': [
      `${read}  - { uses: case.update, with: { id: "{{input.id}}" } }\n`,
      'uses | M102 unknown property "uses" | write action: account.create',
    ],
    'steps that are no list': [
      '  old: { action: case.read, input: { id: "{{input.id}}" } }\n',
      'old: { action: case.read, input: { id: "{{input.id}}" } } | M104 "steps" must be a list | for example [ { action: account.get, input: { id: "{{input.id}}" } } ]',
    ],
    'a reference to an unknown step': [
      `${read}${write('parent: { from: odl }')}`,
      'odl | M124 no earlier step has the name "odl" | did you mean "old"?',
    ],
    'two steps of one name': [
      `${read}  - { name: old, action: case.create, input: { title: x } }\n`,
      'old | M124 an earlier step has the name "old" too | give each step its own name',
    ],
    'an action that has steps itself': [
      `${read}  - { action: case.raise, input: {} }\n`,
      'case.raise | M125 "case.raise" has steps itself | write its steps here',
    ],
    'one step': [
      read,
      `- { name: old, action: case.read, input: { id: "{{input.id}}" } } | M104 "steps" must have at least 2 items | for example [ { action: account.get, input: { id: "{{input.id}}" } } ]`,
    ],
  };
  for (const [name, [steps, expected]] of Object.entries(cases)) {
    it(name, () => expect(check(steps)[0]).to.equal(expected));
  }

  it('eleven steps', () => {
    expect(check(read.replace('name: old, ', '').repeat(11))[0]).to.contain(
      'M104 "steps" must have at most 10 items',
    );
  });

  it('a read in a change set', () => {
    expect(check(`${read}${write('priority: high')}`, { rest: 'changeSet: true\n' })).to.deep.equal([
      'case.read | M125 "case.read" only reads; every step of a change set must write | remove the step, or remove changeSet',
    ]);
  });

  it('a value that is unknown before a change set is sent', () => {
    const steps = `  - { name: opened, action: case.create, input: { title: x } }\n${write('title: "{{steps.opened.title}}"')}`;
    expect(check(steps, { rest: 'changeSet: true\n' })).to.have.length(1);
    expect(check(steps, { rest: 'changeSet: true\n' })[0])
      .to.contain('M125')
      .and.to.contain('{ from: opened }');
  });

  it('a read then a write of a row whose version is not read', () => {
    const [found] = check(`${read}${write('priority: high')}`, { table: '' });
    expect(found).to.contain('M126').and.to.contain('x-column: versionnumber');
  });

  it('steps beside a request, an output or the name of an unknown step', () => {
    const steps = `${read}${write('priority: high')}`;
    expect(check(steps, { rest: 'request: { get: case, id: "{{input.id}}" }\n' })[0]).to.contain('M106');
    expect(check(steps, { rest: 'output: { $ref: case }\n' })[0]).to.contain('M106');
    expect(check(steps, { rest: 'returns: odl\n' })[0])
      .to.contain('M124')
      .and.to.contain('did you mean "old"?');
  });
});
