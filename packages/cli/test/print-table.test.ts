import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import { printError } from '../src/print-error.ts';
import { fitWidths, printTable } from '../src/print-table.ts';
import { createTerminal } from '../src/terminal.ts';

/** A terminal with a number of columns (undefined: a pipe), and the lines that were written to it. */
function createTestTerminal(columns: number | undefined, { json = false } = {}) {
  const stdout = Object.assign(new PassThrough(), { isTTY: columns !== undefined, columns });
  const terminal = createTerminal({ stdout, stderr: stdout }, { json });
  return { terminal, lines: () => stripVTControlCharacters(String(stdout.read())).split('\n') };
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
