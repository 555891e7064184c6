import { createHash } from 'node:crypto';
import {
  type Clock,
  ConnectorError,
  type JsonObject,
  Secret,
  type StateStore,
  type Vault,
} from 'dynamics365-connector';
import { ServiceError } from '../problem/problem.ts';

/** A write with an Idempotency-Key. */
export interface KeyedRequest {
  /** The API key and the connection: another key's owner cannot meet the same answer. */
  readonly owner: string;
  readonly idempotencyKey: string;
  /** What the request says: method, path, headers that matter, body. */
  readonly content: string;
}

/** An answer that is sent again when its request is repeated. */
export interface StoredAnswer {
  readonly status: number;
  readonly body: string;
}

/** The first request with its key: it runs, and then keeps its answer. */
export interface FirstRequest {
  /**
   * An earlier process stopped while it ran the same request: what it had sent is unknown. The answer decides whether it
   * may be sent again.
   */
  readonly isAbandoned: boolean;
  /** Keeps the answer until it expires. */
  keep(answer: StoredAnswer): Promise<void>;
  /** Nothing was done: the same key may be used again. */
  release(): Promise<void>;
}

/**
 * The answers of writes with an Idempotency-Key, encrypted, for 24 hours by default.
 * https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
export interface AnswerStore {
  /**
   * Stores that the request runs, before it is sent; or returns the answer of the same request.
   * @throws IDEMPOTENCY_KEY_REUSED for other content, IDEMPOTENCY_KEY_IN_USE while the first request runs.
   */
  begin(request: KeyedRequest): Promise<FirstRequest | StoredAnswer>;
  /** Deletes the answers that have expired, and returns their number. */
  sweep(): Promise<number>;
}

/** What is not encrypted. */
interface AnswerNote extends JsonObject {
  readonly fingerprint: string;
  /** Absent while the request runs. */
  readonly status: number | null;
  /** While it runs: after this time, in milliseconds since the epoch, its process is gone. */
  readonly leasedUntil: number;
}

const defaultKeepMs = 86_400_000;
/** A request that is taken over too early is not sent again unless that is safe, so the lease can be short. */
const leaseMs = 10_000;
/** The keys of the store that list the answers by their expiry: `service/answer/<time>/<id>`. */
export const indexPrefix = 'service/answer/';

/** Where the vault has an answer. */
export const answerName = (id: string) => ({ connection: 'service-answers', field: id });

const sweepCount = 200;

const digest = (text: string) => createHash('sha256').update(text).digest('base64url');

export function isStoredAnswer(result: FirstRequest | StoredAnswer): result is StoredAnswer {
  return 'body' in result;
}

/** Opens the answers in a store and its vault. */
export function openAnswerStore({
  store,
  vault,
  clock,
  keepMs = defaultKeepMs,
}: {
  readonly store: StateStore;
  readonly vault: Vault;
  readonly clock: Clock;
  /** How long answers are kept, in milliseconds. Default: 24 hours. */
  readonly keepMs?: number;
}): AnswerStore {
  return {
    async begin({ owner, idempotencyKey, content }) {
      const id = digest(`${owner}\n${idempotencyKey}`);
      const fingerprint = digest(content);
      const known = await vault.read(answerName(id));
      if (known !== undefined) {
        const note = known.note as AnswerNote;
        if (note.fingerprint !== fingerprint)
          throw new ServiceError('IDEMPOTENCY_KEY_REUSED', 'The first request had another path or body.');
        if (note.status !== null) return { status: note.status, body: known.secret.reveal() };
        const remainingMs = note.leasedUntil - clock.now();
        if (remainingMs > 0) throw inUse(remainingMs);
      }
      const running = { fingerprint, status: null, leasedUntil: clock.now() + leaseMs } satisfies AnswerNote;
      const began = await vault.replace(
        answerName(id),
        { secret: new Secret('-'), note: running },
        known?.version,
      );
      if (!began) throw inUse(1000);
      const expiry = String(clock.now() + keepMs).padStart(15, '0');
      await store.set(`${indexPrefix}${expiry}/${id}`, '');
      return openFirstRequest({ vault, clock, name: answerName(id), fingerprint }, known !== undefined);
    },
    async sweep() {
      const entries = await store.list(indexPrefix, { after: '', maxCount: sweepCount });
      const now = clock.now();
      let count = 0;
      for (const { key } of entries) {
        const [expiry = '', id = ''] = key.slice(indexPrefix.length).split('/');
        if (Number(expiry) > now) break;
        await vault.delete(answerName(id));
        await store.delete(key);
        count += 1;
      }
      return count;
    },
  };
}

function inUse(retryAfterMs: number): ServiceError {
  return new ServiceError('IDEMPOTENCY_KEY_IN_USE', 'The answer is kept as soon as it is known.', {
    retryAfterMs,
  });
}

interface RunningEntry {
  readonly vault: Vault;
  readonly clock: Clock;
  readonly name: { readonly connection: string; readonly field: string };
  readonly fingerprint: string;
}

/** Extends the lease of a running request until it ends. */
function openFirstRequest(
  { vault, clock, name, fingerprint }: RunningEntry,
  isAbandoned: boolean,
): FirstRequest {
  const ended = new AbortController();
  const write = async (status: number | null, text: string) => {
    const note: AnswerNote = { fingerprint, status, leasedUntil: clock.now() + leaseMs };
    const known = await vault.read(name);
    if (
      known === undefined ||
      !(await vault.replace(name, { secret: new Secret(text), note }, known.version))
    )
      throw new ConnectorError(
        'STORE_FAILED',
        'The answer of a request with an Idempotency-Key was not stored.',
      );
  };
  const renewing = renewUntil(ended.signal, clock, () => write(null, '-'));
  const end = async () => {
    ended.abort('the request has ended');
    await renewing;
  };
  return {
    isAbandoned,
    async keep({ status, body }) {
      await end();
      await write(status, body);
    },
    async release() {
      await end();
      await vault.delete(name);
    },
  };
}

async function renewUntil(signal: AbortSignal, clock: Clock, renew: () => Promise<void>): Promise<void> {
  for (;;) {
    await clock.sleep(leaseMs / 3, signal).catch(() => {});
    if (signal.aborted) return;
    // A lease that could not be renewed ends by itself; the answer is written when it is known.
    await renew().catch(() => {});
  }
}
