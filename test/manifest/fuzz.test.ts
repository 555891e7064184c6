import { expect } from 'chai';
import fc from 'fast-check';
import { readYaml } from '../../src/manifest/read/read-yaml.ts';
import { compile, realFiles, smallFiles } from './support/manifests.ts';

/** `npm run fuzz:manifest` does more. */
const runs = Number(process.env.FUZZ_RUNS ?? 6);
const real = [...realFiles()];

/** Fragments that a careless or hostile author may type. */
const fragments = fc.constantFrom(
  ...[
    '{{',
    '}}',
    '{{input.id}}',
    '{{input}}',
    '{{table.name}}',
    "'",
    '"',
    ':',
    '- ',
    '#',
    '&a ',
    '*a',
    '<<: ',
    '!x ',
    '---\n',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'null',
    '[]',
    '{}',
    '.nan',
    '1e999',
    '\t',
    '\n',
    '\r',
    '\u0000',
    '\uD800',
    '..',
    '//',
    '(',
    ')',
  ],
);

interface Edit {
  readonly file: number;
  readonly at: number;
  readonly cut: number;
  readonly fragment: string;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  file: fc.nat(real.length - 1),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.oneof(fc.constant(0), fc.nat(40)),
  fragment: fragments,
});

function mutate(edits: readonly Edit[]): Map<string, string> {
  const files = new Map(real);
  for (const { file, at, cut, fragment } of edits) {
    const [name] = real[file]!;
    const text = files.get(name)!;
    const start = Math.floor(at * text.length);
    files.set(name, text.slice(0, start) + fragment + text.slice(start + cut));
  }
  return files;
}

/** The ids of all actions in the files: each is compiled or reported. */
function idsOf(files: ReadonlyMap<string, string>): ReadonlySet<string> {
  const ids = [...files].flatMap(([file]) => {
    const [, name] = /^actions\/(.+)\.yaml$/.exec(file) ?? [];
    if (name === undefined) return [];
    return name.startsWith('_.')
      ? tablesWith(name.slice(2)).map((table) => `${table}${name.slice(1)}`)
      : [name];
  });
  return new Set(ids);

  function tablesWith(verb: string): readonly string[] {
    return [...files].flatMap(([file, text]) => {
      const [, name] = /^schemas\/tables\/(.+)\.yaml$/.exec(file) ?? [];
      if (name === undefined) return [];
      const data = readYaml(file, text).source?.data as { operations?: readonly string[] } | undefined;
      return data?.operations?.includes(verb) ? [name] : [];
    });
  }
}

describe('compileManifest with mutated files', () => {
  it('compiles them, or reports errors at existing locations, and never changes a prototype', () => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        const files = mutate(edits);
        const { definition, diagnostics } = compile(files);
        const errors = diagnostics.filter(({ severity }) => severity === 'error');
        expect(definition === undefined).to.equal(errors.length > 0);
        if (definition) expect(Object.keys(definition.actions)).to.have.members([...idsOf(files)]);
        for (const { location, sourceLine } of diagnostics) {
          expect(files.get(location.file)?.split('\n')[location.line - 1]?.replace(/\r$/, '')).to.equal(
            sourceLine,
          );
          expect(location.column).to.be.within(1, sourceLine.length + 1);
        }
        expect(Object.keys(Object.prototype)).to.deep.equal([]);
      }),
      { numRuns: runs },
    );
  });

  it('reports any random text as an invalid file', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const { definition } = compile(smallFiles({ 'actions/case.any.yaml': text }));
        expect(definition).to.equal(undefined);
      }),
      { numRuns: 300 },
    );
  });

  it('reports nesting that is too deep for the parser', () => {
    const { diagnostics } = compile(smallFiles({ 'actions/case.deep.yaml': '['.repeat(20_000) }));
    expect(diagnostics.map(({ code }) => code)).to.include('Y101');
  });
});
