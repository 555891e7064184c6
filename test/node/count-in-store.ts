import { openSqliteStore } from '../../src/node/sqlite-store.ts';

// A child process that increments "count" with get and replace.
const [file, increments] = process.argv.slice(2);
const store = openSqliteStore(file!);
for (let done = 0; done < Number(increments); ) {
  const row = await store.get('count');
  const next = String(Number(row?.value ?? 0) + 1);
  if (await store.replace('count', next, row?.version)) done += 1;
}
store.close();
