import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';

const source = join(import.meta.dirname, '../src');
const readSource = (file: string) => readFileSync(join(source, file), 'utf8');
const editor = readSource('dynamics365.html');
const [, forms = '', script = ''] =
  /^([\s\S]*)<script type="text\/javascript">([\s\S]*)<\/script>/.exec(editor) ?? [];
const languages = globSync('locales/*/dynamics365.json', { cwd: source }).map(
  (file) => file.split(/[\\/]/)[1]!,
);

interface Texts {
  readonly [key: string]: string | Texts;
}

/** The texts of a catalog by their keys: `connection.as.user`. */
function flatten(texts: Texts, prefix = ''): readonly (readonly [string, string])[] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value] as const] : flatten(value, `${prefix}${key}.`),
  );
}

const catalogOf = (language: string) =>
  new Map(flatten(JSON.parse(readSource(`locales/${language}/dynamics365.json`)) as Texts));

/** The keys that the editor asks for; `invalid.${kind}` stands for two. */
function usedKeys(): ReadonlySet<string> {
  const inForms = [...forms.matchAll(/data-i18n="(?:\[\w+\])?([^"]+)"/g)].map(([, key]) => key!);
  const inScript = [...script.matchAll(/'([a-z-]+(?:\.[a-z-]+)+)'/g)].map(([, key]) => key!);
  const [known] = [catalogOf('en-US')];
  return new Set([
    ...inForms,
    ...inScript.filter((key) => known.has(key)),
    ...[...script.matchAll(/translate\((?:kind === '\w+' \? )?'([^']+)'/g)].map(([, key]) => key!),
    'invalid.action',
    'invalid.trigger',
  ]);
}

describe('Node-RED texts', () => {
  it('of the editor are in the catalog, and the catalog has no others', () => {
    expect([...catalogOf('en-US').keys()].sort()).to.deep.equal([...usedKeys()].sort());
  });

  it('stand nowhere in the forms: a translation is complete', () => {
    const plain = forms.replace(/<[^>]*>/g, '').trim();
    expect(plain).to.equal('');
    const attributes = [...forms.matchAll(/(?:placeholder|title)="([^"]*)"/g)].map(([, text]) => text);
    // Examples of values, which are the same in every language.
    expect(attributes).to.have.members(['https://contoso.crm.dynamics.com', 'contoso.onmicrosoft.com', '60']);
  });

  for (const language of languages) {
    it(`in ${language} have the keys and the places for values of English, and a help for every node`, () => {
      const english = catalogOf('en-US');
      const translated = catalogOf(language);
      expect([...translated.keys()]).to.have.members([...english.keys()]);
      const placesOf = (text = '') => (text.match(/__\w+?__/g) ?? []).sort();
      for (const [key, text] of english)
        expect(placesOf(translated.get(key)), key).to.deep.equal(placesOf(text));
      const help = readSource(`locales/${language}/dynamics365.html`);
      for (const node of ['connection', 'action', 'trigger'])
        expect(help).to.include(`data-help-name="dynamics365-${node}"`);
    });
  }
});
