import { expect } from 'chai';
import { type ConnectorError, loadConnector } from 'dynamics365-connector';
import {
  type Connection,
  createConnector,
  openConnection,
  type Runtime,
  runtimeOf,
} from 'dynamics365-connector/host';
import { createNodeServices, createSender } from 'dynamics365-connector/node';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import type { MirrorOptions } from '../src/mirror-options.ts';
import { createMirrorRunner } from '../src/mirror-runner.ts';
import { runMirror, runMirrorOnce } from '../src/run-mirror.ts';
import { readMirrorStatus } from '../src/status.ts';
import type { MirrorTarget } from '../src/target/target.ts';
import { verifyMirror } from '../src/verify.ts';
import { openTestTarget } from './support/open-test-target.ts';

const { signal } = new AbortController();

describe('mirror: a run with awkward organizations and targets', () => {
  let runtime: Runtime;
  let sandbox: Sandbox;
  let target: MirrorTarget;
  /** Pages of accounts with more rows are larger than the connector reads. */
  let maxRows: number;
  const pageSizes: number[] = [];
  before(async () => {
    runtime = runtimeOf(await loadConnector());
    const organizations = ['contoso', 'fabrikam'].map((name) => ({ name, data: 'empty' as const }));
    sandbox = await createSandbox({ organizations });
    const userId = sandbox.organization.findSystemUserId(sandbox.user)!;
    for (const name of ['Acme', 'Bluth', 'Cyberdyne', 'Duff', 'Evil'])
      sandbox.organization.store.insert('account', { name }, { userId });
  });
  after(async () => await sandbox.close());
  beforeEach(async () => {
    maxRows = 1000;
    pageSizes.length = 0;
    target = await openTestTarget();
  });
  afterEach(async () => await target.close());

  /** Answers requests for all columns with too many bytes if they ask for too many rows. */
  const createLimitedSender = () => {
    const send = createSender();
    return async (request: Parameters<typeof send>[0]) => {
      const response = await send(request);
      const size = Number(/maxpagesize=(\d+)/.exec(request.headers.prefer ?? '')?.[1]);
      if (!/\/accounts\?.*address1_city/.test(request.url) || Number.isNaN(size)) return response;
      pageSizes.push(size);
      return size > maxRows ? { ...response, body: hugeBody() } : response;
    };
  };
  const connect = ({ origin } = sandbox.organization): Connection => {
    const services = createNodeServices({ send: createLimitedSender() });
    const own = runtimeOf(createConnector({ ...runtime, services }));
    const getToken = () => ({ token: sandbox.issueToken(sandbox.user, { origin }) });
    return openConnection(own, { orgUrl: origin }, { kind: 'host', getToken }, { allowLoopback: true });
  };
  const optionsOf = (connection: Connection) => ({
    ...{ connection, target, everyMs: 1000, log: () => {} },
    tables: new Map([['account', {}]]),
  });
  const readNames = async () =>
    (await target.query<{ name: string }>('SELECT name FROM account ORDER BY name')).map(({ name }) => name);

  it('reads smaller pages when a page of rows with long texts is larger than a response may be', async () => {
    maxRows = 4;
    await runMirrorOnce(optionsOf(connect()), signal);
    expect(await readNames()).to.deep.equal(['Acme', 'Bluth', 'Cyberdyne', 'Duff', 'Evil']);
    // The next process begins with pages of that size.
    pageSizes.length = 0;
    const [found] = await verifyMirror(optionsOf(connect()), { repair: false, cells: true }, signal);
    expect(found).to.include({ compared: 5, missing: 0, extra: 0, wrong: 0 });
    expect(Math.max(...pageSizes)).to.be.lessThan(5);
  });

  it('reads smaller pages, too, when rows have become larger since they were loaded', async () => {
    await runMirrorOnce(optionsOf(connect()), signal);
    maxRows = 4;
    const [found] = await verifyMirror(optionsOf(connect()), { repair: false, cells: true }, signal);
    expect(found).to.include({ compared: 5, missing: 0, extra: 0, wrong: 0 });
  });

  it('ends with RESPONSE_TOO_LARGE when one row alone is larger than a response may be', async () => {
    maxRows = 0;
    const error = (await runMirrorOnce(optionsOf(connect()), signal).catch(
      (thrown) => thrown,
    )) as ConnectorError;
    expect(error).to.include({ code: 'RESPONSE_TOO_LARGE' });
    expect(pageSizes.at(-1)).to.equal(1);
  });

  it('makes and fills a table again that was dropped while the mirror runs', async () => {
    const stop = new AbortController();
    const counts: number[] = [];
    const wait = async () => {
      counts.push(
        await readNames().then(
          (names) => names.length,
          () => -1,
        ),
      );
      if (counts.length === 1) {
        await target.query('DROP VIEW account_labeled');
        await target.query('DROP TABLE account');
      } else if (counts.at(-1) === 5 || counts.length === 10) stop.abort();
    };
    await runMirror({ ...optionsOf(connect()), wait }, stop.signal);
    expect(counts[0]).to.equal(5);
    expect(counts.at(-1)).to.equal(5);
  });

  it('ends with ABORTED when it is stopped before it has read all changes, and another run continues', async () => {
    const stop = new AbortController();
    const options = { ...optionsOf(connect()), limits: { pageSize: 1 } };
    const stopped = runMirrorOnce({ ...options, onProgress: () => stop.abort() }, stop.signal);
    const error = (await stopped.catch((thrown) => thrown)) as ConnectorError;
    expect(error).to.include({ code: 'ABORTED' });
    await runMirrorOnce(options, signal);
    expect(await readNames()).to.have.lengthOf(5);
  });

  it('status tells a table that mirror.yaml does not list any more from one that is not read', async () => {
    const options = optionsOf(connect());
    const contact = new Map([['contact', { columns: ['fullname'] }]]);
    const readListed = async () =>
      (await readMirrorStatus(target, { now: Date.now })).map(({ table, isListed }) => [table, isListed]);
    await runMirrorOnce(options, signal);
    await runMirrorOnce({ ...options, tables: contact }, signal);
    const afterwards = [
      ['account', false],
      ['contact', true],
    ];
    expect(await readListed()).to.deep.equal(afterwards);
    expect(await readNames()).to.have.lengthOf(5);
    await runMirrorOnce({ ...options, tables: new Map([...options.tables, ...contact]) }, signal);
    expect(await readListed()).to.deep.equal(afterwards.map(([table]) => [table, true]));
  });

  it('verify takes any name of a table of mirror.yaml', async () => {
    const options = { ...optionsOf(connect()), tables: new Map([['case', { columns: ['title'] }]]) };
    const verify = (onlyTable: string) =>
      verifyMirror(options, { repair: false, cells: false, onlyTable }, signal);
    for (const name of ['case', 'incident', 'incidents'])
      expect((await verify(name))[0], name).to.include({ table: 'incident' });
    const error = (await verify('account').catch((thrown) => thrown)) as ConnectorError;
    expect(error).to.include({ code: 'INPUT_INVALID' });
  });

  it('refuses an option whose name is wrong, also of a table and of the limits', async () => {
    const options = optionsOf(connect());
    const wrong: readonly (readonly [object, string])[] = [
      [{ ...options, onprogress: () => {} }, 'onProgress'],
      [{ ...options, limits: { pagesize: 10 } }, 'pageSize'],
      [{ ...options, tables: new Map([['account', { delete: 'keep' }]]) }, 'deletes'],
    ];
    for (const [given, nearest] of wrong) {
      const error = (await runMirrorOnce(given as MirrorOptions, signal).catch(
        (thrown) => thrown,
      )) as ConnectorError;
      expect(error).to.include({ code: 'INPUT_INVALID' });
      expect(error.message).to.include(`Did you mean "${nearest}"?`);
      expect(() => createMirrorRunner(given as MirrorOptions)).to.throw(error.message);
    }
  });

  it('refuses a target that has the rows of another organization', async () => {
    await runMirrorOnce(optionsOf(connect()), signal);
    const other = sandbox.organizations[1]!;
    const error = (await runMirrorOnce(optionsOf(connect(other)), signal).catch(
      (thrown) => thrown,
    )) as ConnectorError;
    expect(error).to.include({ code: 'SETTING_INVALID' });
    expect(error.message).to.include(
      `has the rows of ${sandbox.organization.origin}, not of ${other.origin}`,
    );
    expect(await readNames()).to.have.lengthOf(5);
    // The target is free for the mirror that has its rows.
    await runMirrorOnce(optionsOf(connect()), signal);
  });
});

/** More bytes than the connector reads. */
async function* hugeBody() {
  const part = new Uint8Array(1 << 20);
  for (let at = 0; at < 65; at++) yield part;
}
