import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { printBuiltHelp } from '../src/built-help.ts';
import type { HelpStream } from '../src/help-width.ts';
import { createProgram } from '../src/program.ts';
import type { TerminalStreams } from '../src/terminal.ts';

function collect(stream: HelpStream) {
  let text = '';
  const write = (part: string) => {
    text += part;
    return true;
  };
  return { stream: { ...stream, write }, text: () => text };
}

/** What `d365 --help` prints on a stream, without the text of the build. */
async function helpOn(stream: HelpStream): Promise<string> {
  const out = collect(stream);
  const streams = { stdout: out.stream, stderr: out.stream } as unknown as TerminalStreams;
  expect(await createProgram(streams).run(['--help'])).to.equal(0);
  return out.text();
}

describe('d365 with an unknown option', () => {
  it('says how inputs are given, for every command that takes some', async () => {
    for (const command of ['run case.list', 'list case.list', 'poll case.created', 'explain case.list']) {
      const out = collect({});
      const streams = { stdout: out.stream, stderr: out.stream } as unknown as TerminalStreams;
      expect(await createProgram(streams).run([...command.split(' '), '--limit', '3']), command).to.equal(2);
      expect(out.text(), command).to.include("unknown option '--limit'").and.include('--set name=value');
    }
  });
});

describe('d365 --help', () => {
  it('has the same text in a pipe and on any terminal that is wide enough, so the build can write it', async () => {
    const help = await helpOn({});
    expect(help).to.contain('Usage: d365').and.to.contain('Exit codes:');
    expect(await helpOn({ isTTY: true, columns: 200 })).to.equal(help);
    expect(await helpOn({ isTTY: true, columns: 80 })).to.equal(help);
    expect(await helpOn({ isTTY: true, columns: 40 })).not.to.equal(help);
  });

  it('prints the text of the build, unless there is none or the terminal is narrow', () => {
    const folder = mkdtempSync(join(tmpdir(), 'd365-help-'));
    const file = join(folder, 'help.txt');
    const help = `Usage: ü\n${'-'.repeat(80)}\n`;
    writeFileSync(file, help);
    const printed = (stream: HelpStream, path = file) => {
      const out = collect(stream);
      return printBuiltHelp(out.stream, pathToFileURL(path)) ? out.text() : undefined;
    };
    expect(printed({})).to.equal(help);
    expect(printed({ isTTY: true, columns: 80 })).to.equal(help);
    expect(printed({ isTTY: true, columns: 79 })).to.equal(undefined);
    expect(printed({}, join(folder, 'none.txt'))).to.equal(undefined);
    rmSync(folder, { recursive: true });
  });
});
