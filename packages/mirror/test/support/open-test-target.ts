import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLayout } from '../../src/target/layout.ts';
import { openSqliteTarget } from '../../src/target/sqlite-target.ts';
import type { MirrorTarget } from '../../src/target/target.ts';

/** A mirror in a SQLite file of its own, which no mirror has used yet. `close` removes the file. */
export async function openTestTarget(): Promise<MirrorTarget> {
  const folder = mkdtempSync(join(tmpdir(), 'd365-mirror-'));
  const target = openSqliteTarget(join(folder, 'crm.sqlite'));
  await createLayout(target);
  return {
    ...target,
    async close() {
      await target.close();
      rmSync(folder, { recursive: true });
    },
  };
}
