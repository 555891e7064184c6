import { expect } from 'chai';
import { describeOperation, runtimeOf } from '../../src/host.ts';
import { loadConnector } from '../../src/index.ts';

/** Words that begin with another sound than their letter says. */
const consonantSound = /^(u(ni|se|su|ti|rl|uid|tc)|eu|one\b|once\b)/i;
const vowelSound = /^(?:hour|honest|heir|[aeiou])/i;
/** Letters that are said one by one: SLA, HTML. */
const spelled = /^[FHLMNRSX][A-Z]+\b/;

function mistakesIn(text: string): readonly string[] {
  const articles = [...text.matchAll(/\b(an?) ([\p{L}][\p{L}-]*)/giu)].filter(
    ([, article = '', word = '']) => {
      const needsAn = spelled.test(word) || (vowelSound.test(word) && !consonantSound.test(word));
      return needsAn !== (article.toLowerCase() === 'an');
    },
  );
  const doubled = text.match(/\b(\p{L}+) \1\b/giu) ?? [];
  const leftovers = text.match(/\{\{|\}\}|undefined|\[object|[^ ] {2,}[^ ]| [,.;:](?= |$)/g) ?? [];
  return [...articles.map(([found]) => found), ...doubled, ...leftovers];
}

/** The texts of a view that people read. */
function* textsOf(value: unknown, key = ''): Generator<string> {
  if (typeof value === 'string' && ['title', 'description', 'text', 'name', 'group', 'label'].includes(key))
    yield value;
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) yield* textsOf(member, name);
}

describe('texts of the catalog', () => {
  it('have no wrong article, doubled word or unfilled place, also where a template writes them', async () => {
    const { definition } = runtimeOf(await loadConnector());
    const { actions, triggers } = definition;
    const wrong = new Set<string>();
    for (const operation of [...Object.values(actions), ...Object.values(triggers)]) {
      for (const text of textsOf(describeOperation(definition, operation))) {
        const [mistake] = mistakesIn(text);
        if (mistake !== undefined) wrong.add(`${operation.id}: "${mistake}" in "${text}"`);
      }
    }
    expect([...wrong]).to.deep.equal([]);
  });

  it('would show each kind of mistake', () => {
    for (const text of [
      'a account is',
      'an user',
      'a e-mail',
      'the the row',
      'a {{table}}',
      'two  spaces',
      'a row .',
    ])
      expect(mistakesIn(text), text).to.have.length.greaterThan(0);
    for (const text of [
      'a user',
      'an hour',
      'an SLA',
      'a URL',
      'an OData filter',
      'a unique key',
      'a one-time code',
    ])
      expect(mistakesIn(text), text).to.deep.equal([]);
  });
});
