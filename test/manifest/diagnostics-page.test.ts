import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { compile, root, smallFiles } from './support/manifests.ts';

interface Example {
  readonly code: string;
  readonly kind: 'wrong' | 'right';
  readonly file: string;
  readonly text: string;
}

const page = readFileSync(`${root}docs/diagnostics.md`, 'utf8');
const sections = page.split(/^### /m).slice(1);

function examplesOf(section: string): readonly Example[] {
  const code = section.slice(0, 4);
  const blocks = section.matchAll(/^```yaml (wrong|right) (\S+)\n([\s\S]*?)^```$/gm);
  return [...blocks].map(([, kind, file, text]) => ({
    code,
    kind: kind as Example['kind'],
    file: file!,
    text: text!,
  }));
}

/** The examples omit titles and descriptions where they do not matter. */
function complete(text: string): string {
  const missing = ['title', 'description'].filter((key) => !new RegExp(`^${key}:`, 'm').test(text));
  return missing.map((key) => `${key}: Find case\n`).join('') + text;
}

function codesOf({ file, text }: Example): readonly string[] {
  const files = smallFiles(text === '' ? {} : { [file]: complete(text) });
  if (text === '') files.delete(file);
  return compile(files).diagnostics.map(({ code }) => code);
}

describe('docs/diagnostics.md', () => {
  for (const section of sections) {
    const code = section.slice(0, 4);
    const examples = examplesOf(section);

    it(`${code}: the wrong example gives the code, the right one gives nothing`, () => {
      expect(examples.map(({ kind }) => kind)).to.deep.equal(['wrong', 'right']);
      for (const example of examples) {
        // Only the examples about tests have tests.
        const codes = codesOf(example).filter((found) => found !== 'M119' || code === 'M119');
        if (example.kind === 'wrong') expect([...new Set(codes)], example.text).to.deep.equal([code]);
        else expect(codes, example.text).to.deep.equal([]);
      }
    });
  }

  it('describes every code of the compiler and no other', () => {
    const sources = ['src/manifest', 'src/template'].flatMap((folder) =>
      readdirSync(root + folder)
        .filter((name) => name.endsWith('.ts'))
        .map((name) => readFileSync(`${root}${folder}/${name}`, 'utf8')),
    );
    const given = new Set(
      sources.flatMap((text) => [...text.matchAll(/'([YMSTQ]\d{3})'/g)].map(([, code]) => code)),
    );
    expect(sections.map((section) => section.slice(0, 4)).sort()).to.deep.equal([...given].sort());
  });
});
