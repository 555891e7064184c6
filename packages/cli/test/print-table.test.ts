import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import { ConnectorError, type JsonObject } from 'dynamics365-connector';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { cellText, truncateText, wrapText } from '../src/cell-text.ts';
import { formatCsvLine } from '../src/format-csv.ts';
import { printError } from '../src/print-error.ts';
import { createRowPrinter } from '../src/print-rows.ts';
import { fitWidths, printTable, tableLines } from '../src/print-table.ts';
import { addColumnsToInput, rowColumnsOf } from '../src/row-columns.ts';
import { createTerminal } from '../src/terminal.ts';

/** A terminal with a number of columns (undefined: a pipe), and the lines that were written to it. */
function createTestTerminal(columns: number | undefined, { json = false } = {}) {
  const stdout = Object.assign(new PassThrough(), { isTTY: columns !== undefined, columns });
  const terminal = createTerminal({ stdout, stderr: stdout }, { json });
  const written = () => String(stdout.read());
  return { terminal, written, lines: () => stripVTControlCharacters(written()).split('\n') };
}

describe('cli: printTable', () => {
  const headings = ['name', 'description', 'number'];
  const rows = [
    ['Contoso', 'x'.repeat(60), 'CAS-1'],
    ['Fabrikam', 'short', 'CAS-2'],
  ];

  it('cuts only the widest column to fit the terminal', () => {
    const { terminal, lines } = createTestTerminal(40);
    printTable(terminal, headings, rows);
    const printed = lines();
    for (const line of printed) expect(line.trimEnd().length, line).to.be.at.most(40);
    expect(printed.join()).to.include('Contoso').and.to.include('CAS-1').and.to.include('…');
  });

  it('prints whole texts, separated by tabs, in a pipe', () => {
    const { terminal, lines } = createTestTerminal(undefined);
    printTable(terminal, headings, rows);
    expect(lines()[1]).to.equal(`Contoso\t${'x'.repeat(60)}\tCAS-1`);
  });

  it('keeps at least 6 characters of each column on a narrow terminal', () => {
    expect(fitWidths([60, 60, 4], 20)).to.deep.equal([6, 6, 4]);
    expect(fitWidths([10, 10], 80)).to.deep.equal([10, 10]);
  });

  it('never prints a line that is longer than the terminal, also with wide characters', () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 40 }).map(cellText);
    const table = fc
      .integer({ min: 1, max: 12 })
      .chain((count) =>
        fc.array(fc.array(cell, { minLength: count, maxLength: count }), { minLength: 1, maxLength: 5 }),
      );
    fc.assert(
      fc.property(table, fc.integer({ min: 20, max: 200 }), (cells, width) => {
        const [head = [], ...others] = cells;
        for (const line of tableLines({ headings: head, rows: others }, width))
          expect(stringWidth(line)).to.be.at.most(width);
      }),
    );
  });

  it('breaks a long text between words, and loses none', () => {
    const text = fc
      .array(fc.string({ unit: 'grapheme-ascii', maxLength: 30 }))
      .map((words) => words.join(' '));
    fc.assert(
      fc.property(text, fc.integer({ min: 10, max: 80 }), (long, width) => {
        const lines = wrapText(long, width);
        for (const line of lines) expect(stringWidth(line)).to.be.at.most(width);
        expect(lines.join('').replaceAll(' ', '')).to.equal(long.replaceAll(' ', ''));
      }),
    );
    expect(wrapText('one two three', 8)).to.deep.equal(['one two', 'three']);
    expect(truncateText('日本語のケース', 7)).to.equal('日本語…');
  });
});

describe('cli: rows', () => {
  const outputSchema = {
    type: 'array',
    items: { type: 'object', properties: { id: {}, title: {}, customer: {}, priority: {} } },
  };
  const action = { outputSchema, input: { properties: { columns: {}, customColumns: {} } } } as never;
  const row: JsonObject = {
    id: '1',
    title: 'Kettle, "blue"',
    customer: { table: 'account', id: 'a', name: 'Contoso' },
    priority: null,
    customColumns: { new_tier: 'Gold' },
  };
  const print = (rows: readonly JsonObject[], chosen?: string, csv = false, width?: number) => {
    const { terminal, lines } = createTestTerminal(width);
    const printer = createRowPrinter(terminal, { columns: rowColumnsOf(action, chosen), csv });
    printer.add(rows);
    printer.end();
    return lines().slice(0, -1);
  };

  it('prints every column of the schema in a pipe, also when it is empty and when there is no row', () => {
    expect(print([row])).to.deep.equal(['id\ttitle\tcustomer\tpriority', '1\tKettle, "blue"\tContoso\t']);
    expect(print([])).to.deep.equal(['id\ttitle\tcustomer\tpriority']);
  });

  it('prints the columns of --columns, also values inside of them and columns of the organization', () => {
    expect(print([row], 'customer.id,new_tier,priority')).to.deep.equal([
      'customer.id\tnew_tier\tpriority',
      'a\tGold\t',
    ]);
    expect(print([row], 'priority,id', false, 80)).to.deep.equal(['priority  id', '          1']);
  });

  it('prints CSV with quotes, and no formula that a spreadsheet would run', () => {
    expect(print([row], 'id,title', true)).to.deep.equal(['id,title', '1,"Kettle, ""blue"""']);
    expect(formatCsvLine(['=1+1', '@SUM(A1)', '-2+cmd|x', '+49 (30) 1-2', '-5.2', ''])).to.equal(
      "'=1+1,'@SUM(A1),'-2+cmd|x,+49 (30) 1-2,-5.2,",
    );
  });

  it('reads only the columns of --columns', () => {
    expect(addColumnsToInput(action, { limit: 1 }, 'title,customer.id,new_tier')).to.deep.equal({
      limit: 1,
      columns: ['title', 'customer'],
      customColumns: ['new_tier'],
    });
    expect(addColumnsToInput(action, { columns: ['id'] }, 'title')).to.deep.equal({ columns: ['id'] });
  });

  it('rejects an unknown column of --columns with the nearest one', () => {
    expect(() => rowColumnsOf(action, 'titel'))
      .to.throw(ConnectorError, 'title')
      .with.property('code', 'INPUT_INVALID');
    expect(() => rowColumnsOf(action, 'title,,id')).to.throw(ConnectorError, '--columns');
  });
});

describe('cli: text of a server', () => {
  const hostile = '\u001b]0;pwned\u0007\u009b2J\u202egnp.exe\u2066 \u001b[8mhidden\r';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must not be printed.
  const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

  it('drives no terminal as a cell, an error, a note or JSON', () => {
    const { terminal, written } = createTestTerminal(80);
    printTable(terminal, ['title'], [[cellText(hostile)]]);
    terminal.print(hostile);
    terminal.printNote(hostile);
    terminal.printJson({ [hostile]: hostile });
    printError(
      terminal,
      new ConnectorError('BAD_REQUEST', hostile, {
        serverCode: hostile,
        serverMessage: `${hostile} 2`,
        serviceRequestId: hostile,
        advice: hostile,
        issues: [{ path: '/title', message: hostile } as never],
      }),
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colors of d365 itself.
    expect(written().replaceAll(/\u001b\[(?:0|1|22|31|36|39)m/g, '')).not.to.match(controls);
  });

  it('is the same value in the JSON that is printed', () => {
    const { terminal, lines } = createTestTerminal(undefined, { json: true });
    terminal.printJson({ title: hostile });
    expect(JSON.parse(lines()[0] ?? '')).to.deep.equal({ title: hostile });
  });
});

describe('cli: printError', () => {
  it('prints an error of another class as JSON with --json, else as one line', () => {
    const asJson = createTestTerminal(undefined, { json: true });
    expect(printError(asJson.terminal, new TypeError('x is not a function'))).to.equal(1);
    expect(JSON.parse(asJson.lines()[0]!)).to.deep.equal({
      name: 'TypeError',
      message: 'x is not a function',
    });
    const asText = createTestTerminal(undefined);
    printError(asText.terminal, 'thrown text');
    expect(asText.lines()[0]).to.equal('Error: thrown text');
  });
});
