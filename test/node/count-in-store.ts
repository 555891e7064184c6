import { openSqliteStore } from '../../src/node/sqlite-store.ts';

// A process of its own: adds one to "count" so many times, by looking and replacing.
const [file, times] = process.argv.slice(2);
const store = openSqliteStore(file!);
for (let done = 0; done < Number(times); ) {
  const seen = await store.get('count');
  const next = String(Number(seen?.value ?? 0) + 1);
  if (await store.replace('count', next, seen?.version)) done += 1;
}
store.close();
