import { loadConnector } from 'dynamics365-connector';
import { createConnector, openConnection, type Runtime, runtimeOf } from 'dynamics365-connector/host';
import { createNodeServices, createSender } from 'dynamics365-connector/node';
import { type Assumptions, createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import { createSeededRandom } from '../../../../test/support/seeded-random.ts';
import { MirrorLoop } from '../../src/mirror-loop.ts';
import { defaultLimits } from '../../src/table/table-context.ts';
import { type MirrorStrategy, standardStrategy } from '../../src/table/table-mirror.ts';
import type { RowGuard } from '../../src/table/table-sql.ts';
import type { CommitWrite } from '../../src/table/table-store.ts';
import { createLayout } from '../../src/target/layout.ts';
import { takeLease } from '../../src/target/lease.ts';
import type { MirrorTarget } from '../../src/target/target.ts';
import { type CopyDifferences, compareCopy } from './compare-copy.ts';
import { createFailingTarget } from './failing-target.ts';
import { createProofClock, type ProofClock } from './proof-clock.ts';
import { createColumn, editedColumns, proofTable } from './proof-table.ts';
import { RandomEdits } from './random-edits.ts';

/** What happens in a history. */
export interface ProofOptions {
  readonly target: MirrorTarget;
  readonly seed: number;
  readonly rows: number;
  readonly crashes: number;
  /** How likely a transaction is one of them; 8 % by default. */
  readonly crashRate?: number;
  readonly assumptions?: Partial<Assumptions>;
  readonly restores?: boolean;
  readonly changesColumns?: boolean;
  /** Whether delta links expire; true by default. */
  readonly expiresLinks?: boolean;
  /** Refused requests, 429 and 503 in every phase. */
  readonly faults?: boolean;
  readonly strategy?: MirrorStrategy;
  readonly guard?: RowGuard;
  readonly commit?: CommitWrite;
}

/** What a history was, and how the copy differs in the end. */
export interface ProofResult extends CopyDifferences {
  readonly edits: number;
  readonly crashes: number;
  readonly loads: number;
  readonly restores: number;
}

/** The steps of a history, in which different things happen. */
const steps = 30;
/** A larger table needs more turns to be loaded, and loaded again: a step of it has a turn for so many rows. */
const rowsPerTurn = 1500;
const overlapMs = 180_000;
const maxOpenMs = 120_000;
const limits = {
  ...defaultLimits,
  overlapMs,
  windowEveryMs: 20_000,
  checkEveryMs: 60_000,
  walkEveryMs: 24 * 3_600_000,
  columnsEveryMs: 30_000,
  pageSize: 100,
  keyPageSize: 150,
};

/** Compiles the manifest once for all histories. */
export async function loadRuntime(): Promise<Runtime> {
  return runtimeOf(await loadConnector());
}

/** Plays a history with random edits between all requests, and compares the copy row by row in the end. */
export async function runProof(runtime: Runtime, options: ProofOptions): Promise<ProofResult> {
  const clock = createProofClock();
  const sandbox = await createSandbox({
    organizations: [{ name: 'contoso', data: 'empty' }],
    clock,
    limits: { maxRequests: 1e9, maxExecutionMs: 1e12, maxConcurrentRequests: 1000 },
    assumptions: options.assumptions,
  });
  try {
    // The clock of the organization is never that of the mirror.
    sandbox.organization.clockOffsetMs = -47_000;
    return await new ProofRun(options, sandbox, clock, runtime).run();
  } finally {
    await sandbox.close();
  }
}

class ProofRun {
  readonly #options: ProofOptions;
  readonly #sandbox: Sandbox;
  readonly #clock: ProofClock;
  readonly #random: () => number;
  /** Pages are read while others are written, so requests and transactions do not share one sequence. */
  readonly #crashRandom: () => number;
  readonly #edits: RandomEdits;
  readonly #runtime: Runtime;
  #isEditing = true;
  #crashes = 0;
  /** The process of the mirror ends. Its error can come converted, as exported functions do with those of their callers. */
  #isEnding = false;
  #snapshot: { readonly id: string; readonly ids: readonly string[] } | undefined;

  constructor(options: ProofOptions, sandbox: Sandbox, clock: ProofClock, runtime: Runtime) {
    this.#options = options;
    this.#sandbox = sandbox;
    this.#clock = clock;
    this.#random = createSeededRandom(options.seed);
    this.#crashRandom = createSeededRandom(options.seed + 1000);
    const services = createNodeServices({ send: this.#createSender(), clock });
    const { definition, validator } = runtime;
    this.#runtime = runtimeOf(createConnector({ definition, validator, services }));
    const { organization } = sandbox;
    const now = () => clock.now() + organization.clockOffsetMs;
    const userId = organization.findSystemUserId(sandbox.user)!;
    this.#edits = new RandomEdits(organization, { random: this.#random, now, userId, maxOpenMs });
  }

  get #turnsPerStep(): number {
    return Math.ceil(this.#options.rows / rowsPerTurn);
  }

  async run(): Promise<ProofResult> {
    const { target, rows } = this.#options;
    this.#sandbox.organization.store.addTable(proofTable);
    this.#edits.insert(rows);
    // Most rows of an organization are older than the window over changes, which would find their deletion.
    this.#clock.advance(2 * overlapMs);
    await createLayout(target);
    await this.#takeTurns(steps * this.#turnsPerStep);
    this.#isEditing = false;
    // Transactions end, late deletions are read, and the second walk over the keys takes place.
    for (let round = 0; round < 4; round++) {
      this.#clock.advance(overlapMs + 60_000);
      await this.#takeTurns(2);
    }
    const columns = ['new_ticketid', 'versionnumber', 'modifiedon', ...editedColumns];
    const custom = this.#edits.customColumn === undefined ? [] : [this.#edits.customColumn];
    const differences = await compareCopy(this.#sandbox, target, [...columns, ...custom]);
    const [row] = await target.query<{ readonly state: string }>(
      `SELECT state FROM ${target.dialect.tableName('d365_mirror_table')}`,
    );
    const { load, restores } = JSON.parse(row!.state);
    return { ...differences, edits: this.#edits.count, crashes: this.#crashes, loads: load, restores };
  }

  /** Takes turns; a process that ends is followed by another one. */
  async #takeTurns(count: number): Promise<void> {
    let loop = await this.#start();
    for (let turn = 0; turn < count; ) {
      try {
        for (const table of loop.tables) await loop.takeTurn(table);
        turn += 1;
        if (this.#isEditing && turn % this.#turnsPerStep === 0) this.#happen(turn / this.#turnsPerStep);
        this.#clock.advance(2000);
      } catch (error) {
        if (!this.#isEnding && !this.#isExpected(error)) throw error;
        loop = await this.#start();
      }
    }
  }

  /** Errors of injected faults: the turn is repeated. */
  #isExpected(error: unknown): boolean {
    return (
      this.#options.faults === true &&
      ['BAD_REQUEST', 'UNAVAILABLE', 'THROTTLED'].includes((error as { code?: string }).code ?? '')
    );
  }

  /** What happens once, after a step. */
  #happen(step: number): void {
    const { organization } = this.#sandbox;
    const { store } = organization;
    const { restores, changesColumns, expiresLinks = true } = this.#options;
    if (expiresLinks && (step === 9 || step === 21)) organization.expireDeltaTokens();
    if (changesColumns === true && step === 6) this.#addColumn('new_tier');
    if (changesColumns === true && step === 13) {
      this.#edits.customColumn = undefined;
      store.schema.removeColumn(proofTable.logicalName, 'new_tier');
    }
    if (changesColumns === true && step === 18) this.#addColumn('new_tier');
    if (restores === true && step === 5) {
      const { rows } = store.query(proofTable.logicalName, {
        actor: { userId: '' },
        select: ['new_ticketid'],
        pageSize: 5000,
      });
      this.#snapshot = { id: store.saveSnapshot(), ids: rows.map(({ id }) => id) };
    }
    if (restores === true && step === 16 && this.#snapshot !== undefined) {
      store.restoreSnapshot(this.#snapshot.id);
      this.#edits.restart(this.#snapshot.ids);
    }
  }

  #addColumn(name: string): void {
    const column = createColumn(name, { type: 'String', maxLength: 100 });
    this.#sandbox.organization.store.addColumn(proofTable.logicalName, column);
    this.#edits.customColumn = name;
  }

  async #start(): Promise<MirrorLoop> {
    this.#isEnding = false;
    const { strategy = standardStrategy, guard, commit } = this.#options;
    const credential = { kind: 'host' as const, getToken: () => ({ token: this.#sandbox.issueToken() }) };
    const { origin: orgUrl } = this.#sandbox.organization;
    const connection = openConnection(this.#runtime, { orgUrl }, credential, { allowLoopback: true });
    const target = createFailingTarget(this.#options.target, () => this.#nextCrash());
    const lease = await takeLease(this.#options.target, connection.services.uuid());
    const tables = new Map([[proofTable.logicalName, { columns: undefined }]]);
    const { signal } = new AbortController();
    const shared = { connection, target, lease, limits, clock: this.#clock, log: () => {}, signal };
    return new MirrorLoop({ ...shared, tables, everyMs: 1000, strategy, guard, commit });
  }

  /** Before each request time passes and rows are edited; a few requests are refused. */
  #createSender() {
    const send = createSender();
    return async (request: Parameters<typeof send>[0]) => {
      if (this.#isEditing && request.url.includes(`/${proofTable.set}`)) {
        this.#clock.advance(200 + Math.floor(this.#random() * 3000));
        this.#edits.run(Math.floor(this.#random() * 20));
        if (this.#options.faults === true) this.#addFault();
      }
      return await send(request);
    };
  }

  #addFault(): void {
    if (this.#random() > 0.04) return;
    const status = [400, 429, 503][Math.floor(this.#random() * 3)]!;
    const { faults } = this.#sandbox.organization;
    faults.add({
      kind: 'status',
      status,
      path: `/${proofTable.set}`,
      times: status === 429 ? 3 : 1,
      retryAfterSeconds: 1,
    });
  }

  #nextCrash(): 'before' | 'after' | undefined {
    const { crashes, crashRate = 0.08 } = this.#options;
    if (!this.#isEditing || this.#crashes >= crashes || this.#crashRandom() > crashRate) return undefined;
    this.#crashes += 1;
    this.#isEnding = true;
    return this.#crashRandom() < 0.5 ? 'before' : 'after';
  }
}
