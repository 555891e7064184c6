import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { AuditLine } from '../../src/model/audit.ts';
import { auditFromEnv, openAuditLog } from '../../src/node/audit-log.ts';

const line: AuditLine = {
  time: '2026-12-01T09:30:00.000Z',
  organization: 'https://contoso.crm.dynamics.com',
  operation: 'case.create',
  change: 'create',
  table: 'incident',
  id: '11111111-2222-4333-8444-555555555555',
  outcome: 'done',
  requestId: 'r',
};

describe('audit log', () => {
  let folder: string;
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'd365-audit-')), 'audit');
  });
  afterEach(() => rmSync(join(folder, '..'), { recursive: true }));
  const read = (file: string) =>
    readFileSync(join(folder, file), 'utf8')
      .split('\n')
      .filter((text) => text !== '')
      .map((text) => JSON.parse(text));

  it('writes one JSON object per line, into a file for each day', () => {
    let now = Date.UTC(2026, 11, 1, 9, 30);
    const audit = openAuditLog({ folder, actor: 'os:anna', clock: { now: () => now } });
    audit.write([line, line]);
    now += 86_400_000;
    audit.write([line]);
    expect(readdirSync(folder)).to.deep.equal(['2026-12-01.jsonl', '2026-12-02.jsonl']);
    expect(read('2026-12-01.jsonl')).to.deep.equal([
      { ...line, actor: 'os:anna' },
      { ...line, actor: 'os:anna' },
    ]);
  });

  it('names who asked, also after a wait, and for several at the same time', async () => {
    const audit = openAuditLog({ folder, actor: 'os:anna' });
    const writeLater = async (operation: string) => {
      await new Promise((resolve) => setImmediate(resolve));
      audit.write([{ ...line, operation }]);
    };
    await Promise.all([
      audit.runAs('key_1', () => writeLater('a')),
      audit.runAs('key_2', () => writeLater('b')),
      writeLater('c'),
    ]);
    const actors = read(readdirSync(folder)[0]!).map(({ operation, actor }) => `${operation} ${actor}`);
    expect(actors).to.have.members(['a key_1', 'b key_2', 'c os:anna']);
  });

  it('keeps as many days as it is told, and no other file is touched', () => {
    let now = Date.UTC(2026, 11, 1);
    const audit = openAuditLog({ folder, keepDays: 2, clock: { now: () => now } });
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    for (let day = 0; day < 3; day++) {
      audit.write([line]);
      now += 86_400_000;
    }
    audit.write([line]);
    expect(readdirSync(folder)).to.deep.equal(['2026-12-03.jsonl', '2026-12-04.jsonl', 'notes.txt']);
  });

  it('can be read by its owner only', function () {
    if (process.platform === 'win32') this.skip();
    openAuditLog({ folder }).write([line]);
    expect(statSync(folder).mode & 0o777).to.equal(0o700);
    expect(statSync(join(folder, readdirSync(folder)[0]!)).mode & 0o777).to.equal(0o600);
  });

  it('a folder that cannot be written to is reported when it is opened', () => {
    writeFileSync(join(folder, '..', 'file'), '');
    const open = () => openAuditLog({ folder: join(folder, '..', 'file', 'audit') });
    expect(open).to.throw('The folder of the audit log cannot be written to');
  });

  it('D365_AUDIT and D365_AUDIT_DAYS open it', () => {
    expect(auditFromEnv({})).to.equal(undefined);
    auditFromEnv({ D365_AUDIT: folder, D365_AUDIT_DAYS: '30' })?.write([line]);
    expect(readdirSync(folder)).to.have.length(1);
    expect(() => auditFromEnv({ D365_AUDIT: folder, D365_AUDIT_DAYS: '1y' })).to.throw('D365_AUDIT_DAYS');
  });
});
