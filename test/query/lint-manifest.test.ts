import { expect } from 'chai';
import { lintManifest } from '../../src/authoring/lint-manifest.ts';
import { singlePackage } from '../../src/manifest/read/manifest-package.ts';
import type { MetadataTable } from '../../src/model/metadata.ts';
import { indexTable, type MetadataSchema } from '../../src/odata/check/table-index.ts';
import { compile, compileSmall, realFiles, smallFiles } from '../manifest/support/manifests.ts';
import { standardSchema } from '../support/metadata.ts';

const schema = standardSchema();
const lint = (changes: Readonly<Record<string, string>> = {}) =>
  lintManifest(singlePackage(smallFiles(changes)), schema).map(({ severity, code, message, location }) => ({
    severity,
    code,
    message,
    at: `${location.file}:${location.line}`,
  }));

/** The metadata of these tables alone. */
function schemaOf(...tables: readonly MetadataTable[]): MetadataSchema {
  const indexed = new Map(tables.map((table) => [table.name, indexTable(table)]));
  return { table: (name) => indexed.get(name), similarTables: () => [] };
}

const list = (where: string) => `title: Find cases
description: Finds cases.
input: { properties: { word: { type: string, maxLength: 9 } } }
request:
  list: case
  where:
    - ${where}
`;

describe('lintManifest', () => {
  it('warns of columns, choices and navigation properties that the organization lacks, with locations', () => {
    const table = [...smallFiles()].find(([file]) => file.endsWith('case.yaml'))![1];
    const wrong = table
      .replace('x-column: title }', 'x-column: titel }')
      .replace('targets: { case: parentcaseid }', 'targets: { case: parentcase }')
      .replace('{ high: 1, normal: 2, low: 3 }', '{ high: 1, normal: 2, lowest: 4 }');
    expect(lint({ 'schemas/tables/case.yaml': wrong })).to.deep.equal([
      {
        severity: 'warning',
        code: 'Q110',
        message: 'the table incident has no column titel',
        at: 'schemas/tables/case.yaml:7',
      },
      {
        severity: 'warning',
        code: 'Q122',
        message: 'the organization has no choice 4',
        at: 'schemas/tables/case.yaml:8',
      },
      {
        severity: 'warning',
        code: 'Q122',
        message: 'the organization also has 3 Low',
        at: 'schemas/tables/case.yaml:8',
      },
      {
        severity: 'warning',
        code: 'Q122',
        message: 'the organization also has 2 Cancelled',
        at: 'schemas/tables/case.yaml:9',
      },
      {
        severity: 'warning',
        code: 'Q113',
        message: 'the table incident has no navigation property parentcase',
        at: 'schemas/tables/case.yaml:12',
      },
    ]);
  });

  it('warns of unknown names in filters with and without placeholders', () => {
    const codes = (where: string) =>
      lint({ 'actions/case.find.yaml': list(where) })
        .filter(({ at }) => at.startsWith('actions'))
        .map(({ code }) => code);
    expect(codes('titel eq {{input.word}}')).to.deep.equal(['Q110']);
    expect(codes('contains(title, {{input.word}}) and ownerid ne null')).to.deep.equal(['Q112']);
    expect(codes("prioritycode eq 'High'")).to.deep.equal(['Q121']);
    expect(codes('title eq {{input.word}} and createdon ge {{input.word}}')).to.deep.equal([]);
    expect(codes('"{{input.word}}"')).to.deep.equal([]);
  });

  it('warns of a table that the organization lacks', () => {
    const table = [...smallFiles()].find(([file]) => file.endsWith('case.yaml'))![1];
    const found = lint({ 'schemas/tables/case.yaml': table.replace('name: incident,', 'name: new_ticket,') });
    expect(found.map(({ code, message }) => [code, message])).to.deep.include([
      'Q105',
      'the organization has no table new_ticket',
    ]);
  });

  it('reports no unknown names in our own manifest', () => {
    const found = lintManifest(singlePackage(realFiles()), schema).filter(({ code }) => code !== 'Q105');
    expect(found.map(({ message }) => message)).to.deep.equal([]);
  });

  it('accepts other words for a choice, and warns of a label that is another choice', () => {
    const table = [...smallFiles()].find(([file]) => file.endsWith('case.yaml'))![1];
    const labels = (choices: string) =>
      lint({
        'schemas/tables/case.yaml': table.replace('{ high: 1, normal: 2, low: 3 }', choices),
      })
        .filter(({ at }) => at.endsWith(':8'))
        .map(({ message }) => message);
    expect(labels('{ urgent: 1, normal: 2, low: 3 }')).to.deep.equal([]);
    expect(labels('{ high: 2, normal: 1, low: 3 }')).to.deep.equal([
      'in the organization 2 is “Normal”, and high is 1',
      'in the organization 1 is “High”, and normal is 2',
    ]);
  });

  it('does not judge navigation properties that the metadata does not tell', () => {
    const incident = schema.table('incident')!.table;
    const untold = schemaOf({ ...incident, navigations: [] });
    const files = smallFiles({ 'actions/case.find.yaml': list('parentcaseid/title eq {{input.word}}') });
    const codes = lintManifest(singlePackage(files), untold).map(({ code }) => code);
    expect(codes.filter((code) => code === 'Q113')).to.deep.equal([]);
  });

  it('leaves the files of a base to its authors', () => {
    const base = { path: '../base/', files: smallFiles(), bases: [] };
    const header =
      'manifestVersion: 1\nid: own\nversion: 1.0.0\ntitle: Own\ndescription: Own.\nextends: ../base\n';
    const own = { path: '', files: new Map([['connector.yaml', header]]), bases: ['../base/'] };
    const nothing = schemaOf();
    expect(lintManifest([base, own], nothing)).to.deep.equal([]);
    expect(lintManifest([base], nothing)).to.have.length(1);
  });
});

describe('the format odata-filter', () => {
  const action = (properties: string, clause: string) => ({
    'actions/case.find.yaml': `title: Find cases\ndescription: Finds cases.\ninput: { properties: ${properties} }\nrequest: { method: GET, path: /incidents, query: { $filter: [${clause}] } }\noutput: { type: array, items: { $ref: ../schemas/tables/case.yaml } }\npagination: { limit: input.limit }\n`,
  });
  const limit = 'limit: { type: integer, default: 5 }';
  const codesOf = (files: Readonly<Record<string, string>>) =>
    compileSmall(files)
      .diagnostics.filter(({ severity }) => severity === 'error')
      .map(({ code }) => code);

  it('allows a placeholder as a whole clause of a filter', () => {
    expect(
      codesOf(
        action(
          `{ filter: { type: string, format: odata-filter, maxLength: 99 }, ${limit} }`,
          '"{{input.filter}}"',
        ),
      ),
    ).to.deep.equal([]);
  });

  it('is rejected inside a clause, and free text is rejected as a clause', () => {
    const free = `{ filter: { type: string, maxLength: 99 }, ${limit} }`;
    expect(codesOf(action(free, '"{{input.filter}}"'))).to.deep.equal(['T105']);
    const filter = `{ filter: { type: string, format: odata-filter, maxLength: 99 }, ${limit} }`;
    for (const clause of ['"title eq {{input.filter}}"', '"contains(title, {{input.filter}})"']) {
      expect(codesOf(action(filter, clause)), clause).to.deep.equal(['T105']);
    }
    expect(codesOf(action(filter, '"statecode eq 0 and {{input.filter}}"'))).to.deep.equal(['T106']);
  });

  it('is an input of every list action of our own manifest', () => {
    const { definition } = compile(realFiles());
    const lists = Object.values(definition!.actions).filter(({ id }) => id.endsWith('.list'));
    expect(lists.length).to.be.greaterThan(5);
    for (const { id, input } of lists) expect(input.properties as object, id).to.have.property('filter');
  });
});
