import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import stringWidth from 'string-width';
import { saveConnection } from '../../mcp/test/fixture.ts';
import { expectCapture } from './expect-capture.ts';
import { expectPicture } from './expect-picture.ts';
import { hasPseudoTerminal, runInTerminal, type TerminalOptions } from './run-in-terminal.ts';

const widths = [80, 110, 200];

(hasPseudoTerminal ? describe : describe.skip)('d365 in a terminal (needs script of util-linux)', () => {
  let sandbox: Sandbox;
  let folder: string;

  before(async () => {
    sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'sample' }] });
    folder = await mkdtemp(join(tmpdir(), 'd365-terminal-'));
    await saveConnection(sandbox, folder);
  });
  after(async () => {
    await sandbox.close();
    await rm(folder, { recursive: true });
  });

  const show = async (args: readonly string[], options: Partial<TerminalOptions> = {}) => {
    const result = await runInTerminal(args, { columns: 80, folder, ...options });
    expect(result.exitCode, result.screen.join('\n')).to.equal(0);
    return result;
  };

  for (const columns of widths) {
    it(`list: shows one line for each row at ${columns} columns, with its whole id, and as many columns as fit`, async () => {
      const { screen } = await show(['list', 'case.list', '--set', 'limit=5'], { columns });
      const [heading = '', ...lines] = screen.filter((line) => line !== '');
      expect(heading).to.match(/^id +number +title/);
      expect(lines.filter((line) => /^[\da-f-]{36} {2}CAS-/.test(line))).to.have.length(5);
      if (columns > 80) expect(heading).to.match(/title +customer +priority/);
      for (const line of lines) expect(stringWidth(line), line).to.be.at.most(columns);
      expect(heading.split(/ +/).length).to.be.at.least({ 80: 3, 110: 4, 200: 7 }[columns] ?? 0);
    });

    it(`list: prints chosen columns at ${columns} columns as in the capture`, async () => {
      const chosen = ['--columns', 'number,title,priority,status,customer,owner'];
      const { screen } = await show(['list', 'case.list', '--set', 'limit=6', ...chosen], { columns });
      expectCapture(`list-${columns}`, screen);
      const command = '$ d365 list case.list --columns number,title,priority,status,customer,owner';
      if (columns === 110) expectPicture('terminal', [command, ...screen].filter(Boolean), columns);
    });
  }

  it('run: Ctrl+C in a bulk write says what is done and how to go on', async () => {
    const rows = Array.from({ length: 3000 }, (_, at) => ({ name: `Interrupted ${at}` }));
    const file = join(folder, 'rows.json');
    await writeFile(file, JSON.stringify({ rows }));
    sandbox.organization.faults.add({ kind: 'delay', ms: 700, times: Number.POSITIVE_INFINITY });
    const run = ['run', 'account.create-many', '--input', `@${file}`];
    const answers = [['00 rows', '\u0003']] as const;
    const { exitCode, screen } = await runInTerminal(run, { columns: 110, folder, answers });
    sandbox.organization.faults.clear();
    const shown = screen.join(' ');
    expect(exitCode, shown).to.equal(130);
    expect(shown)
      .to.match(/Stopped: \d+ of 3000 rows are done/)
      .and.match(/--key \S+/);
  });

  it('run: Ctrl+C shows the cursor again, and ends the command', async () => {
    sandbox.organization.faults.add({ kind: 'delay', ms: 60_000, times: Number.POSITIVE_INFINITY });
    const answers = [['case.list', '\u0003']] as const;
    const { exitCode, written } = await runInTerminal(['list', 'case.list'], {
      columns: 80,
      folder,
      answers,
    });
    sandbox.organization.faults.clear();
    expect(exitCode, written).to.equal(130);
    expect(written.lastIndexOf('\u001b[?25h')).to.be.greaterThan(written.lastIndexOf('\u001b[?25l'));
  });

  it('demo: breaks no table and no line at 80 columns', async () => {
    const { screen } = await show(['demo']);
    const heading = screen.findIndex((line) => /^ +number +title/.test(line));
    const rows = screen.slice(heading + 1, heading + 6);
    for (const line of rows) expect(line).to.match(/^ {13}CAS-\S+ +\S/);
    for (const line of screen) expect(stringWidth(line), line).to.be.at.most(80);
  });

  it('describe: shows an action at 80 columns as in the capture', async () => {
    expectCapture('describe-80', (await show(['describe', 'case.resolve'])).screen);
  });

  it('run: asks before it deletes, and deletes only after yes', async () => {
    const { store } = sandbox.organization;
    const actor = { userId: sandbox.organization.findSystemUserId(sandbox.user)! };
    const { id } = store.insert('account', { name: 'Kept' }, actor);
    const args = ['run', 'account.delete', '--set', `id=${id}`];
    const answer = async (text: string) =>
      await runInTerminal(args, { columns: 80, folder, answers: [['[y/N]', `${text}\n`]] });
    const declined = await answer('n');
    expect(declined.exitCode).to.equal(1);
    expect(declined.screen.join('')).to.include('1 × Delete account').and.include(id).and.include('Not run.');
    expect(store.read('account', id)).not.to.equal(undefined);
    expect((await answer('y')).exitCode).to.equal(0);
    expect(store.read('account', id)).to.equal(undefined);
    const other = store.insert('account', { name: 'Deleted at once' }, actor).id;
    await show(['run', 'account.delete', '--yes', '--set', `id=${other}`]);
    expect(store.read('account', other)).to.equal(undefined);
  });
});
