import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { compile, compileFolders, root, smallFiles } from './support/manifests.ts';

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

/** The codes of all examples of one kind, together. */
function codesOf(examples: readonly Example[]): readonly string[] {
  const texts = Object.fromEntries(examples.map(({ file, text }) => [file, complete(text)]));
  if (examples.some(({ code, file }) => code.startsWith('E') || file.startsWith('../')))
    return extensionCodes(texts);
  const files = smallFiles(texts);
  for (const { file, text } of examples) if (text === '') files.delete(file);
  return compile(files).diagnostics.map(({ code }) => code);
}

/** The files of a connector in `own`, of its base in `base`, and of another connector in `other`. */
function extensionCodes(texts: Readonly<Record<string, string>>): readonly string[] {
  const base = Object.fromEntries(smallFiles());
  const own: Record<string, string> = { 'connector.yaml': complete('extends: ../base\n') };
  for (const [file, text] of Object.entries(texts)) {
    if (!file.startsWith('../')) own[file] = text;
    else if (file === '../base/connector.yaml')
      base['connector.yaml'] = changeKeys(base['connector.yaml']!, text);
    else base[file.slice('../base/'.length)] = text;
  }
  own['connector.yaml'] = `manifestVersion: 1\nid: own\nversion: 1.0.0\n${own['connector.yaml']}`;
  const other = { 'connector.yaml': smallFiles().get('connector.yaml')!.replace('try-out', 'other') };
  return compileFolders({ own, base, other }).diagnostics.map(({ code }) => code);
}

/** Replaces lines that begin with a key, or adds them. */
function changeKeys(text: string, changes: string): string {
  const keys = changes.split('\n').map((line) => line.split(':')[0]!);
  const kept = text.split('\n').filter((line) => !keys.includes(line.split(':')[0]!) || line === '');
  return [changes.trimEnd(), ...kept].join('\n');
}

describe('docs/diagnostics.md', () => {
  // Files that are too long, links and builds are the matter of test/node.
  const codesOfFolders = ['E105', 'E106', 'E118'];
  for (const section of sections.filter((one) => !codesOfFolders.includes(one.slice(0, 4)))) {
    const code = section.slice(0, 4);
    const examples = examplesOf(section);

    it(`${code}: the wrong example gives the code, the right one gives nothing`, () => {
      const kinds = new Set(examples.map(({ kind }) => kind));
      expect([...kinds]).to.deep.equal(['wrong', 'right']);
      for (const kind of kinds) {
        // Only the examples about tests have tests.
        const codes = codesOf(examples.filter((example) => example.kind === kind)).filter(
          (found) => found !== 'M119' || code === 'M119',
        );
        expect([...new Set(codes)], kind).to.deep.equal(kind === 'wrong' ? [code] : []);
      }
    });
  }

  it('describes every code of the compiler and no other', () => {
    const sources = ['src/manifest', 'src/template'].flatMap((folder) =>
      readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => readFileSync(`${root}${folder}/${name}`, 'utf8')),
    );
    const given = new Set(
      sources.flatMap((text) => [...text.matchAll(/'([YMSTQE]\d{3})'/g)].map(([, code]) => code)),
    );
    expect(sections.map((section) => section.slice(0, 4)).sort()).to.deep.equal(
      [...given, ...codesOfFolders].sort(),
    );
  });
});
