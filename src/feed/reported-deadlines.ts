import { isNumber, mapOf } from '../model/json-shape.ts';
import type { CheckpointContent } from './checkpoint.ts';
import type { Feed } from './feed.ts';
import { parseStoredJson } from './parse-stored-json.ts';
import type { WriteBuffer } from './write-buffer.ts';

/** Maximum number of deadlines per row; the oldest is removed first. */
const maxPerRow = 50;

/** Deadline in milliseconds -> number of the entry with which it was reported. */
type ReportedOfRow = Readonly<Record<string, number>>;

const isReportedOfRow = mapOf(isNumber);

/**
 * The deadlines that a subscription has reported: a later change of the row does not report them again. Each is stored
 * with the number of its entry, so that a host that returns to an older checkpoint, or that has not saved the last one,
 * gets them again.
 */
export class ReportedDeadlines {
  readonly #prefix: string;
  readonly #buffer: WriteBuffer;
  readonly #offset: number;
  readonly #rows = new Map<string, ReportedOfRow>();

  /** `offset`: up to here, the host has got the items. Deadlines of later entries count as not reported. */
  constructor(
    { key }: Feed,
    { activationId, offset }: Pick<CheckpointContent, 'activationId' | 'offset'>,
    buffer: WriteBuffer,
  ) {
    this.#prefix = `${key}due/${activationId}/`;
    this.#offset = offset;
    this.#buffer = buffer;
  }

  /**
   * Loads the rows of entries that the host gets now. What was reported with these entries or later ones, in a time to
   * which the host does not return, is forgotten.
   */
  async load(ids: readonly string[]): Promise<void> {
    const stored = await this.#buffer.getStored([...new Set(ids)].map((id) => this.#prefix + id));
    for (const id of ids) {
      const entry = stored.get(this.#prefix + id);
      const reported: ReportedOfRow =
        entry === undefined ? {} : parseStoredJson(this.#prefix + id, entry.value, isReportedOfRow);
      const delivered = Object.entries(reported).filter(([, sequence]) => sequence <= this.#offset);
      if (delivered.length < Object.keys(reported).length) this.#save(id, Object.fromEntries(delivered));
      else this.#rows.set(id, reported);
    }
  }

  /** Adds a deadline of a row that was loaded; returns false if it is there. */
  add(id: string, dueMs: number, sequence: number): boolean {
    const reported = this.#rows.get(id) ?? {};
    if (reported[dueMs] !== undefined) return false;
    const later = Math.max(sequence, this.#offset + 1);
    const next = Object.fromEntries([
      ...Object.entries(reported).slice(1 - maxPerRow),
      [String(dueMs), later],
    ]);
    this.#save(id, next);
    return true;
  }

  #save(id: string, reported: ReportedOfRow): void {
    this.#rows.set(id, reported);
    this.#buffer.set(this.#prefix + id, JSON.stringify(reported));
  }
}
