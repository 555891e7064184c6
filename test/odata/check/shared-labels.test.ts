import { expect } from 'chai';
import type { MetadataColumn } from '../../../src/model/metadata.ts';
import { checkBody } from '../../../src/odata/check/check-body.ts';
import { checkOption } from '../../../src/odata/check/check-option.ts';
import { indexTable, type MetadataSchema } from '../../../src/odata/check/table-index.ts';
import { checkFetchXml } from '../../../src/odata/fetchxml/check-fetchxml.ts';
import { standardSchema } from '../../support/metadata.ts';

const standard = standardSchema();
const incident = standard.table('incident')!;
const duplicates = [
  { value: 4, label: 'Canceled' },
  { value: 7, label: 'Canceled' },
];
const withDuplicates = (column: MetadataColumn): MetadataColumn =>
  column.name === 'prioritycode'
    ? { ...column, choices: [...(column.choices ?? []), ...duplicates] }
    : column;
const table = indexTable({ ...incident.table, columns: incident.table.columns.map(withDuplicates) });
const schema: MetadataSchema = {
  ...standard,
  table: (name) => (name === 'incident' ? table : standard.table(name)),
};

const filter = (text: string) => checkOption('$filter', text, { schema, table });
const condition = (value: string) =>
  `<fetch><entity name="incident"><filter><condition attribute="prioritycode" operator="eq" value="${value}"/></filter></entity></fetch>`;
const fix = 'Write 4 or 7: each of them has the label “Canceled”.';

describe('labels that several choices have', () => {
  it('$filter: names the numbers and writes none of them', () => {
    const { diagnostics, corrected } = filter("prioritycode eq 'Canceled'");
    expect(diagnostics[0]).to.deep.include({ code: 'Q121', fix });
    expect(corrected).to.equal(undefined);
    expect(filter("contains(prioritycode,'Canceled')").corrected).to.equal(undefined);
  });

  it('FetchXML: names the numbers and writes none of them', () => {
    const { diagnostics, corrected } = checkFetchXml(condition('Canceled'), schema);
    expect(diagnostics[0]).to.deep.include({ code: 'Q121', fix });
    expect(corrected).to.equal(undefined);
  });

  it('body: names the numbers and writes none of them', () => {
    const { issues, corrected } = checkBody({ prioritycode: 'Canceled' }, schema, table);
    expect(issues[0]).to.deep.include({ code: 'Q121', fix });
    expect(corrected).to.equal(undefined);
  });

  it('the label of one choice is still corrected', () => {
    expect(filter("prioritycode eq 'High'").corrected).to.equal('prioritycode eq 1');
    expect(checkFetchXml(condition('High'), schema).corrected).to.include('value="1"');
  });
});
