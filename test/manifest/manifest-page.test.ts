import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { runContractTests } from '../../src/authoring/contract/run-contract-tests.ts';
import { createValidator } from '../../src/validation/validator.ts';
import { compile, compileSmall, root, smallFiles } from './support/manifests.ts';

const page = readFileSync(`${root}docs/manifest.md`, 'utf8');

describe('docs/manifest.md', () => {
  const files = [...page.matchAll(/^```yaml (\S+)\n([\s\S]*?)^```$/gm)].map(([, file, text]) => [
    file!,
    text!,
  ]);
  const { definition, diagnostics } = compileSmall(Object.fromEntries(files));

  it('has example files that compile together without a diagnostic', () => {
    expect(files).to.have.length(7);
    expect(diagnostics).to.deep.equal([]);
    expect(Object.keys(definition!.actions)).to.include.members(['thing.fetch', 'case.fetch', 'thing.lend']);
  });

  it('has example tests that pass', async () => {
    const options = { definition: definition!, validator: createValidator() };
    const failures: string[] = [];
    let count = 0;
    for await (const result of runContractTests(options, (id) => !id.startsWith('case.'))) {
      count += 1;
      failures.push(...result.failures.map(({ message }) => message));
    }
    expect(failures).to.deep.equal([]);
    expect(count).to.be.greaterThan(5);
  });
});

/** The position in the first column of the table -> a request with a placeholder in that position. */
const requests: Readonly<Record<string, string>> = {
  '`$filter`, value': 'query: { $filter: "a eq {{input.x}}" }',
  '`$filter`, contains': 'query: { $filter: "contains(a, {{input.x}})" }',
  '`$filter`, list': `query: { $filter: "Microsoft.Dynamics.CRM.In(PropertyName='a',PropertyValues={{input.x}})" }`,
  '`$filter`, column': 'query: { $filter: "{{input.x}} eq 1" }',
  '`$orderby`': 'query: { $orderby: "{{input.x}} desc" }',
  '`$select`': 'query: { $select: "a,{{input.x}}" }',
  'path, key': 'path: "/things(a={{input.x}})"',
  'path, segment': 'path: "/things/{{input.x}}"',
  'body, whole value': 'body: { A: "{{input.x}}" }',
  'body, in a text': 'body: { A: "about {{input.x}}" }',
  '`@odata.bind`': 'body: { a@odata.bind: "{{input.x}}" }',
  '`@odata.bind`, key': 'body: { a@odata.bind: "/things(a={{input.x}})" }',
  header: 'headers: { X-Note: "{{input.x}}" }',
};

/** The type in the first row of the table -> inputs of that type. */
const types: Readonly<Record<string, readonly string[]>> = {
  text: ['{ type: string, maxLength: 9 }', '{ enum: [two words, three] }'],
  id: ['{ type: string, format: uuid }'],
  number: ['{ type: integer }', '{ type: number }'],
  boolean: ['{ type: boolean }'],
  date: ['{ type: string, format: date-time }', '{ type: string, format: date }'],
  choice: ['{ x-choices: { a: 1 } }'],
  enum: ['{ enum: [a, b] }'],
  list: ['{ type: array, items: { type: string, format: uuid } }'],
  'enum list': ['{ type: array, items: { enum: [a, b] } }'],
  'choice list': ['{ type: array, x-choices: { a: 1 } }'],
  object: ['{ type: object, properties: { a: { type: integer } } }'],
  lookup: ['{ x-lookup: { column: a, targets: { case: a } } }'],
};

describe('docs/manifest.md: the table of placeholders', () => {
  const rows = page
    .slice(page.indexOf('| position'))
    .split('\n\n')[0]!
    .split('\n')
    .map((line) => line.slice(2, -2).split(' | '));
  const [[, ...columns], , ...body] = rows as [string[], string[], ...string[][]];

  it('has a row for each position and a column for each type', () => {
    expect(body.map(([position]) => position)).to.deep.equal(Object.keys(requests));
    expect(columns).to.deep.equal(Object.keys(types));
  });

  for (const [position, ...cells] of body) {
    it(`agrees with the compiler: ${position}`, () => {
      for (const [index, cell] of cells.entries()) {
        for (const type of types[columns[index]!]!) {
          const request = `{ method: POST, path: /Act, ${requests[position!]} }`.replace(
            'path: /Act, path',
            'path',
          );
          const action = `title: Try\ndescription: Try.\ninput: { required: [x], properties: { x: ${type} } }\nrequest: ${request}\n`;
          const files = smallFiles({ 'actions/case.try.yaml': action });
          const codes = compile(files).diagnostics.flatMap(({ severity, code }) =>
            severity === 'error' ? [code] : [],
          );
          const wanted =
            cell === '-'
              ? [/\$(filter`, column|orderby|select)|segment/.test(position!) ? 'T107' : 'T105']
              : [];
          expect(codes, `${position}: ${type}`).to.deep.equal(wanted);
        }
      }
    });
  }
});
