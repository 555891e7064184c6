import { isFlag, isNumber, listOf, tupleOf } from '../model/json-shape.ts';
import type { CheckpointContent } from './checkpoint.ts';
import type { Feed } from './feed.ts';
import { parseStoredJson } from './parse-stored-json.ts';
import type { WriteBuffer } from './write-buffer.ts';

/** Maximum number of marks per row. */
const maxMarks = 8;

/** The number of an entry with which a row was reported as matching (1) or as having left (0), in their order. */
type Mark = readonly [sequence: number, isMember: 0 | 1];

const areMarks = listOf(tupleOf(isNumber, isFlag));

/**
 * The rows that a subscription has reported and that matched its filter then. A host can return to an older checkpoint,
 * or get items and not save the checkpoint after them, so a row may be in the consumer's copy even if its later report of
 * having left was derived: only a report up to the checkpoint's offset was delivered for sure.
 */
export class Membership {
  readonly #prefix: string;
  readonly #offset: number;
  readonly #buffer: WriteBuffer;
  readonly #marks = new Map<string, readonly Mark[]>();
  /** The rows of this derivation, as it has reported them last. */
  readonly #current = new Map<string, boolean>();

  constructor(
    { key }: Pick<Feed, 'key'>,
    { activationId, offset }: Pick<CheckpointContent, 'activationId' | 'offset'>,
    buffer: WriteBuffer,
  ) {
    this.#prefix = membershipPrefix(key, activationId);
    this.#offset = offset;
    this.#buffer = buffer;
  }

  async load(ids: readonly string[]): Promise<void> {
    const stored = await this.#buffer.getStored([...new Set(ids)].map((id) => this.#prefix + id));
    for (const [key, { value }] of stored) {
      const marks = parseStoredJson<readonly Mark[]>(key, value, areMarks);
      this.#marks.set(key.slice(this.#prefix.length), marks);
    }
  }

  /** A row that was loaded is reported as matching. */
  enter(id: string, sequence: number): void {
    this.#current.set(id, true);
    this.#add(id, [this.#undelivered(sequence), 1]);
  }

  /** A row that was loaded does not match. Returns whether it must be reported as having left. */
  leave(id: string, sequence: number): boolean {
    if (!(this.#current.get(id) ?? this.#mayBeMember(id, sequence))) return false;
    this.#current.set(id, false);
    this.#add(id, [this.#undelivered(sequence), 0]);
    return true;
  }

  #mayBeMember(id: string, sequence: number): boolean {
    let isMember = false;
    for (const [markedAt, mark] of this.#marks.get(id) ?? []) {
      if (markedAt > this.#undelivered(sequence)) break;
      if (mark === 1) isMember = true;
      else if (markedAt <= this.#offset) isMember = false;
    }
    return isMember;
  }

  /** Entries of a catch-up have the offset itself as number, and are delivered only now. */
  #undelivered(sequence: number): number {
    return Math.max(sequence, this.#offset + 1);
  }

  #add(id: string, [sequence, isMember]: Mark): void {
    const marks = this.#marks.get(id) ?? [];
    const earlier = marks.filter(([markedAt]) => markedAt <= sequence);
    if ((earlier.at(-1)?.[1] ?? 0) === isMember) return;
    const later = marks.slice(earlier.length);
    const next = withoutOldest([...earlier, [sequence, isMember], ...later]);
    this.#marks.set(id, next);
    this.#buffer.set(this.#prefix + id, JSON.stringify(next));
  }
}

/** Removes the oldest report of having left: the row may then be reported as having left once more. */
function withoutOldest(marks: readonly Mark[]): readonly Mark[] {
  if (marks.length <= maxMarks) return marks;
  const oldest = marks.findIndex(([, isMember]) => isMember === 0);
  return marks.filter((_, index) => index !== oldest && index !== oldest + 1);
}

function membershipPrefix(key: string, activationId: string): string {
  return `${key}in/${activationId}/`;
}
