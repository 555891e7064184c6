import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { composeBatchRequest } from 'dynamics365-connector/odata';
import { createSeededRandom } from '../../src/random.ts';

/** How often the process is killed; `npm run soak:sandbox` kills it 60 times. */
const kills = Number(process.env.SANDBOX_KILLS ?? 2);
const writers = 4;

interface SandboxProcess {
  readonly child: ChildProcess;
  readonly origin: string;
  readonly token: string;
}

describe('sandbox: a file whose process is killed', function () {
  this.timeout(300_000 + kills * 20_000);
  let folder: string;
  const random = createSeededRandom(1);
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'sandbox-kill-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const file = () => join(folder, 'contoso.sqlite');

  async function start(): Promise<SandboxProcess> {
    const program = join(import.meta.dirname, 'sandbox-process.ts');
    const child = spawn(
      process.execPath,
      ['--conditions=development', '--disable-warning=ExperimentalWarning', program, file()],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    return { child, ...(JSON.parse(line.toString('utf8')) as { origin: string; token: string }) };
  }

  const request = async ({ origin, token }: SandboxProcess, path: string, options: RequestInit = {}) =>
    await fetch(`${origin}/api/data/v9.2/${path}`, {
      ...options,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...options.headers },
    });

  /** Writes a pair of rows in one change set. Returns its name once Dataverse has acknowledged it. */
  async function writePair(sandbox: SandboxProcess, name: string): Promise<string> {
    const insert = (set: string, body: object, contentId: string) => ({
      method: 'POST',
      url: `/api/data/v9.2/${set}`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      contentId,
    });
    const changeSet = [insert('accounts', { name }, '1'), insert('contacts', { lastname: name }, '2')];
    const { contentType, body } = composeBatchRequest([{ changeSet }], 'b');
    const response = await request(sandbox, '$batch', {
      method: 'POST',
      headers: { 'Content-Type': contentType },
      body,
    });
    const text = await response.text();
    if (!response.ok || text.includes('HTTP/1.1 4')) throw new Error(text);
    return name;
  }

  async function writeRow(sandbox: SandboxProcess, name: string): Promise<string> {
    const response = await request(sandbox, 'accounts', { method: 'POST', body: JSON.stringify({ name }) });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(String(response.status));
    return name;
  }

  /** Writes with several writers until enough is acknowledged, then kills the process while they write. */
  async function writeUntilKilled(
    sandbox: SandboxProcess,
    round: number,
  ): Promise<{ rows: string[]; pairs: string[] }> {
    const acknowledged = { rows: [] as string[], pairs: [] as string[] };
    const killAfter = 1 + Math.floor(random.next() * 40);
    const exited = once(sandbox.child, 'exit');
    const write = async (writer: number): Promise<void> => {
      for (let index = 0; ; index++) {
        const name = `${round}-${writer}-${index}`;
        if (index % 2 === 0) acknowledged.rows.push(await writeRow(sandbox, `row-${name}`));
        else acknowledged.pairs.push(await writePair(sandbox, `pair-${name}`));
        if (acknowledged.rows.length + acknowledged.pairs.length >= killAfter) sandbox.child.kill('SIGKILL');
      }
    };
    // Each writer ends with the broken connection.
    await Promise.allSettled(Array.from({ length: writers }, (_, writer) => write(writer)));
    await exited;
    return acknowledged;
  }

  async function readNames(sandbox: SandboxProcess, set: string, column: string): Promise<readonly string[]> {
    const response = await request(sandbox, `${set}?$select=${column}`);
    const { value } = (await response.json()) as { value: readonly Record<string, string>[] };
    return value.map((row) => String(row[column]));
  }

  it('keeps every acknowledged row, and change sets as a whole', async () => {
    const acknowledged = { rows: [] as string[], pairs: [] as string[] };
    for (let round = 0; round < kills; round++) {
      const { rows, pairs } = await writeUntilKilled(await start(), round);
      acknowledged.rows.push(...rows);
      acknowledged.pairs.push(...pairs);
    }
    const sandbox = await start();
    const accounts = await readNames(sandbox, 'accounts', 'name');
    const contacts = await readNames(sandbox, 'contacts', 'lastname');
    sandbox.child.kill('SIGKILL');
    expect(acknowledged.rows.length + acknowledged.pairs.length).to.be.at.least(kills);
    expect(acknowledged.rows.filter((name) => !accounts.includes(name))).to.deep.equal([]);
    expect(acknowledged.pairs.filter((name) => !contacts.includes(name))).to.deep.equal([]);
    const isPair = (name: string) => name.startsWith('pair-');
    expect(accounts.filter(isPair).sort()).to.deep.equal([...contacts].sort());
    expect(new Set(accounts).size).to.equal(accounts.length);
  });
});
