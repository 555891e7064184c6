import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';

const root = join(import.meta.dirname, '../../..');

describe('docs/query-check.md', () => {
  it('describes every code of the query checks and no other', () => {
    const files = globSync(['src/odata/{check,fetchxml}/**/*.ts', 'src/query/*.ts'], { cwd: root });
    const given = files.flatMap(
      (file) => readFileSync(join(root, file), 'utf8').match(/(?<=')Q\d{3}(?=')/g) ?? [],
    );
    const page = readFileSync(join(root, 'docs/query-check.md'), 'utf8');
    const rows = [...page.matchAll(/^\| (Q\d{3}.*?) \|/gm)].map(([, codes]) => codes!);
    const described = rows.flatMap((codes) => {
      const [first, last] = [codes.match(/Q\d{3}/g)!, /to Q(\d{3})/.exec(codes)?.[1]];
      const from = Number(first[0]!.slice(1));
      return last === undefined
        ? first
        : Array.from({ length: Number(last) - from + 1 }, (_, step) => `Q${from + step}`);
    });
    expect([...new Set(given)].sort()).to.deep.equal([...new Set(described)].sort());
  });
});
