import { ConnectorError } from 'dynamics365-connector';
import { asConnectorError, omitUndefined } from 'dynamics365-connector/host';
import { assertMirrorOptions, type MirrorOptions } from './mirror-options.ts';
import { runMirror } from './run-mirror.ts';
import { readMirrorStatus, type TableStatus } from './status.ts';
import { createTableWakes, type TableWakes } from './table-wakes.ts';
import { type TableDifferences, type VerifyOptions, verifyMirror } from './verify.ts';

/** What a mirror does, and the state of each of its tables. */
export interface MirrorState {
  readonly state: 'running' | 'verifying' | 'failed' | 'stopped';
  /** Why it failed. The next attempt follows within a minute. */
  readonly reason?: string;
  readonly tables: readonly TableStatus[];
}

/** A mirror inside another program, such as a service. */
export interface MirrorRunner {
  /** Keeps the tables equal until the signal aborts. What fails is in the state, and is tried again. */
  run(signal: AbortSignal): Promise<void>;
  state(): Promise<MirrorState>;
  /**
   * Compares the target with the organization. The mirror waits meanwhile.
   *
   * @throws INPUT_INVALID if a comparison is running
   */
  verify(options: VerifyOptions, signal?: AbortSignal): Promise<readonly TableDifferences[]>;
  /** Reads the changes of a table now: something told that its rows have changed. */
  wake(table: string): void;
}

const retryAfterMs = 60_000;

/**
 * Creates a mirror that can be asked for its state, woken and verified while it runs.
 *
 * @example
 * const mirror = createMirrorRunner({ ...(await openMirrorFile('mirror.yaml', environment)), log });
 * await mirror.run(signal);
 */
export function createMirrorRunner(options: MirrorOptions): MirrorRunner {
  return new Runner(options);
}

class Runner implements MirrorRunner {
  readonly #options: MirrorOptions;
  readonly #wakes: TableWakes;
  #state: MirrorState['state'] = 'stopped';
  #reason: string | undefined;
  /** Aborts when a comparison needs the target for itself. */
  #pause = new AbortController();
  #verifying: Promise<unknown> | undefined;
  #turn: Promise<void> = Promise.resolve();

  constructor(options: MirrorOptions) {
    assertMirrorOptions(options);
    this.#options = options;
    this.#wakes = createTableWakes(options.connection.services.clock);
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options.connection.services;
    while (!signal.aborted) {
      await this.#verifying?.catch(() => {});
      if (signal.aborted) return;
      const ends = AbortSignal.any([signal, this.#pause.signal]);
      this.#turn = this.#runUntil(ends);
      await this.#turn;
      if (this.#reason !== undefined) await clock.sleep(retryAfterMs, ends).catch(() => {});
    }
  }

  async state(): Promise<MirrorState> {
    const { target, connection } = this.#options;
    const tables = await readMirrorStatus(target, connection.services.clock);
    return omitUndefined({ state: this.#state, reason: this.#reason, tables });
  }

  async verify(
    options: VerifyOptions,
    signal = new AbortController().signal,
  ): Promise<readonly TableDifferences[]> {
    if (this.#verifying !== undefined)
      throw new ConnectorError('INPUT_INVALID', 'The mirror is being compared already.', {
        advice: 'Wait until that comparison has ended.',
      });
    const work = this.#verifyAlone(options, signal).finally(() => {
      this.#verifying = undefined;
    });
    this.#verifying = work;
    return await work;
  }

  wake(table: string): void {
    this.#wakes.wake(table);
  }

  async #runUntil(signal: AbortSignal): Promise<void> {
    this.#state = 'running';
    this.#reason = undefined;
    try {
      await runMirror({ ...this.#options, wait: this.#wakes.wait }, signal);
      this.#state = 'stopped';
    } catch (error) {
      const { code, message } = asConnectorError(error);
      this.#state = 'failed';
      this.#reason = `${message} (${code})`;
      this.#options.log({ level: 'error', event: 'mirror.ended', fields: { code, reason: message } });
    }
  }

  async #verifyAlone(options: VerifyOptions, signal: AbortSignal): Promise<readonly TableDifferences[]> {
    this.#pause.abort();
    await this.#turn;
    this.#state = 'verifying';
    try {
      return await verifyMirror(this.#options, options, signal);
    } finally {
      this.#state = 'stopped';
      this.#pause = new AbortController();
    }
  }
}
