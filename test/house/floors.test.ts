import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect } from 'chai';

const root = join(import.meta.dirname, '../..');
const src = join(root, 'src');

/** docs/architecture.md, "Floors". `index.ts` stands in no folder. */
const floors: Readonly<Record<string, number>> = {
  model: 0,
  errors: 0,
  validation: 1,
  template: 1,
  odata: 1,
  manifest: 2,
  metadata: 2,
  auth: 2,
  http: 2,
  engine: 3,
  node: 4,
  sandbox: 4,
  worker: 4,
  hosts: 4,
  'index.ts': 5,
  cli: 5,
};

/** Tables of data in TypeScript: length is no fault of theirs. */
const dataTables = ['errors/codes.ts', 'errors/entra-codes.ts', 'errors/dataverse/service.ts'];

/** Libraries that one file of ours imports, so that each can be replaced in one place. */
const oneImporter = [
  'ajv',
  'ajv-formats',
  'handlebars',
  'yaml',
  'node-fetch',
  'oauth4webapi',
  'oidc-provider',
  'pg',
  'pg-boss',
  'uuid',
  'saxes',
  '@modelcontextprotocol/server',
];

interface Import {
  readonly file: string;
  readonly from: string;
  readonly typeOnly: boolean;
}

function imports(): readonly Import[] {
  const pattern =
    /(?:^|\n)\s*(import|export)(\s+type)?\b[^'";]*?\bfrom\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)|(?:^|\n)import\s+'([^']+)'/g;
  return globSync('**/*.ts', { cwd: src }).flatMap((file) => {
    const text = readFileSync(join(src, file), 'utf8');
    return [...text.matchAll(pattern)].map((match) => ({
      file,
      from: match[3] ?? match[4] ?? match[5]!,
      typeOnly: match[2] !== undefined,
    }));
  });
}

const roomOf = (path: string) => path.split('/')[0]!;

describe('the house', () => {
  const all = imports();

  it('has a floor for every room', () => {
    const rooms = new Set(all.map(({ file }) => roomOf(file)));
    expect([...rooms].filter((room) => !(room in floors))).to.deep.equal([]);
  });

  it('has no stair that goes up, and none across on floors 1 and 2', () => {
    const wrong = all.flatMap(({ file, from }) => {
      if (!from.startsWith('.')) return [];
      const here = roomOf(file);
      const there = roomOf(relative(src, join(src, dirname(file), from)));
      if (here === there) return [];
      const [low, high] = [floors[there], floors[here]];
      if (low === undefined || high === undefined) return [`${file} -> ${from}`];
      if (low < high) return [];
      const neighbours = low === high && [0, 4, 5].includes(low);
      return neighbours ? [] : [`${file} -> ${from}`];
    });
    expect(wrong).to.deep.equal([]);
  });

  it('has no circle of imports, types included', () => {
    const stairs = new Map<string, string[]>();
    for (const { file, from } of all) {
      if (!from.startsWith('.')) continue;
      stairs.set(file, [...(stairs.get(file) ?? []), relative(src, join(src, dirname(file), from))]);
    }
    const done = new Set<string>();
    const circles: string[] = [];
    const walk = (file: string, way: readonly string[]): void => {
      if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(' -> '));
      if (done.has(file) || way.includes(file)) return;
      for (const next of stairs.get(file) ?? []) walk(next, [...way, file]);
      done.add(file);
    };
    for (const file of stairs.keys()) walk(file, []);
    expect(circles).to.deep.equal([]);
  });

  it('has one importer for each library', () => {
    for (const library of oneImporter) {
      const files = new Set(
        all.filter(({ from }) => from === library || from.startsWith(`${library}/`)).map(({ file }) => file),
      );
      expect([...files], library).to.have.length.at.most(1);
    }
  });

  it('keeps Node, timers and the process out of floors 0 to 3', () => {
    const low = all.filter(({ file }) => floors[roomOf(file)]! <= 3);
    expect(low.filter(({ from }) => from.startsWith('node:')).map(({ file }) => file)).to.deep.equal([]);
    const world =
      /\bprocess\.|\bsetTimeout\(|\bsetInterval\(|\bDate\.now\(|\bMath\.random\(|\bnew Date\(\)|\bBuffer\b|(?<![.\w])fetch\(/;
    const reaching = [...new Set(low.map(({ file }) => file))].filter((file) => {
      const code = readFileSync(join(src, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
      return world.test(code);
    });
    expect(reaching).to.deep.equal([]);
  });

  it('keeps no mutable state at module level', () => {
    const mutable = globSync('**/*.ts', { cwd: src }).filter((file) =>
      /^(?:export )?(?:let|var) /m.test(readFileSync(join(src, file), 'utf8')),
    );
    expect(mutable).to.deep.equal([]);
  });

  it('has no file that grew beyond one idea', () => {
    const large = globSync('**/*.ts', { cwd: src })
      .filter((file) => readFileSync(join(src, file), 'utf8').split('\n').length > 300)
      .filter((file) => !dataTables.includes(file));
    expect(large).to.deep.equal([]);
  });
});
