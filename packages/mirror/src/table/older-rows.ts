import type { RowFacts } from 'dynamics365-connector/host';
import { readRows, type TableContext } from './table-context.ts';
import type { KnownVersions } from './table-store.ts';

/**
 * Rows of the organization are older than the target has them: a restore from a backup, or a replica that lags. They are
 * not written, so that they prove the restore also after a crash.
 */
export class OlderRowsError extends Error {
  readonly known: KnownVersions;

  constructor(known: KnownVersions) {
    super('Rows are older than in the target.');
    this.known = known;
  }
}

/**
 * Throws OlderRowsError if this load wrote a newer version of one of these rows. Rows of an earlier load prove nothing: they
 * are written again.
 */
export function assertNotOlder(rows: readonly RowFacts[], known: KnownVersions, load: number): void {
  const older = rows.flatMap((facts) => {
    const row = known.get(facts.id);
    const isProof = row?.load === load && isOlder(facts, row.version);
    return isProof ? [[facts.id, row] as const] : [];
  });
  if (older.length > 0) throw new OlderRowsError(new Map(older));
}

function isOlder({ version }: RowFacts, known: string | null): boolean {
  return known !== null && version < BigInt(known);
}

/** Ids of one confirmation. */
const confirmedRows = 100;

/** Whether a second read finds one of these rows older too. */
export async function isStillOlder(context: TableContext, known: KnownVersions): Promise<boolean> {
  const found = await readRows(context, [...known.keys()].slice(0, confirmedRows));
  return [...found.values()].some((facts) => isOlder(facts, known.get(facts.id)?.version ?? null));
}
