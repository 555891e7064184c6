import { expect } from 'chai';
import fc from 'fast-check';
import { parseTemplate } from '../../src/template/parse-template.ts';

const codesOf = (text: string) => parseTemplate(text).diagnostics.map(({ code }) => code);

describe('parseTemplate', () => {
  it('cuts a text into static pieces and holes, in order', () => {
    const { parts, diagnostics } = parseTemplate(
      "contains(title, {{input.search}}) and {{ input.a.b }} eq 'x'",
    );
    expect(diagnostics).to.deep.equal([]);
    expect(parts).to.deep.equal([
      'contains(title, ',
      { path: ['input', 'search'], start: 16, end: 32 },
      ') and ',
      { path: ['input', 'a', 'b'], start: 38, end: 53 },
      " eq 'x'",
    ]);
  });

  it('has no parts for an empty text and one for a static one', () => {
    expect(parseTemplate('').parts).to.deep.equal([]);
    expect(parseTemplate('/WhoAmI').parts).to.deep.equal(['/WhoAmI']);
  });

  it('finds holes on any line of a text', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const text = `one${end} {{input.a}}${end}{{input.b}}`;
      const holes = parseTemplate(text).parts.filter((part) => typeof part === 'object');
      expect(holes.map(({ start, end: to }) => text.slice(start, to))).to.deep.equal([
        '{{input.a}}',
        '{{input.b}}',
      ]);
    }
  });

  const beyond: readonly [what: string, text: string][] = [
    ['a block', '{{#if input.a}}x{{/if}}'],
    ['an inverse block', '{{^input.a}}x{{/input.a}}'],
    ['a helper call', '{{upper input.a}}'],
    ['a helper with options', '{{upper value=input.a}}'],
    ['triple braces', '{{{input.a}}}'],
    ['an ampersand', '{{&input.a}}'],
    ['a raw block', '{{{{raw}}}} x {{{{/raw}}}}'],
    ['a comment', '{{!-- note --}}'],
    ['a partial', '{{> part}}'],
    ['a decorator', '{{* mark}}'],
    ['a literal', '{{"text"}}'],
    ['a number', '{{1}}'],
    ['a parent path', '{{../input}}'],
    ['a data variable', '{{@root.input}}'],
    ['a slash', '{{input/a}}'],
    ['a bracketed name', '{{input.[a b]}}'],
    ['white space control', '{{~input.a~}}'],
    ['an escaped hole', '\\{{input.a}}'],
    ['a dunder name', '{{input.__proto__}}'],
    ['a doubled dot', '{{input..a}}'],
    ['a dash', '{{input.a-b}}'],
  ];
  for (const [what, text] of beyond) {
    it(`refuses ${what}`, () => {
      expect(codesOf(`a ${text} b`)).to.include('T102');
      expect(parseTemplate(`a ${text} b`).parts).to.deep.equal([]);
    });
  }

  for (const text of ['{{', '{{input.a', '{{input.a}', '{{}}', '{{else}}', '{{/if}}']) {
    it(`says that ${text} cannot be read, and where`, () => {
      const whole = `x {{input.ok}} ${text}`;
      expect(codesOf(whole)).to.deep.equal(['T101']);
      expect(parseTemplate(whole).diagnostics[0]?.start).to.equal(15);
    });
  }

  it('warns of lone braces, and reads on', () => {
    const { parts, diagnostics } = parseTemplate('{input.a} {{input.b}} }}');
    expect(diagnostics.map(({ severity, code }) => `${severity} ${code}`)).to.deep.equal([
      'warning T103',
      'warning T103',
      'warning T103',
    ]);
    expect(parts).to.have.length(3);
  });

  it('gives back every character of any text that it accepts', () => {
    const words = fc.constantFrom(
      '{{input.a}}',
      '{{ b.c }}',
      '{',
      '}',
      "'",
      '\\',
      '\n',
      '\r\n',
      'x',
      ' ',
      '{{',
      '}}',
      '#',
      '>',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        const { parts, diagnostics } = parseTemplate(text);
        if (diagnostics.some(({ severity }) => severity === 'error')) expect(parts).to.deep.equal([]);
        else
          expect(
            parts
              .map((part) => (typeof part === 'string' ? part : text.slice(part.start, part.end)))
              .join(''),
          ).to.equal(text);
        for (const { start, end } of diagnostics)
          expect(start >= 0 && start < end && end <= text.length).to.equal(true);
      }),
      { numRuns: 3000 },
    );
  });
});
