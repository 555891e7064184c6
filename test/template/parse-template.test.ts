import { expect } from 'chai';
import fc from 'fast-check';
import { parseTemplate } from '../../src/template/parse-template.ts';

const codesOf = (text: string) => parseTemplate(text).diagnostics.map(({ code }) => code);

describe('parseTemplate', () => {
  it('splits a text into static parts and placeholders', () => {
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

  it('gives no part for an empty text and one part for a static text', () => {
    expect(parseTemplate('').parts).to.deep.equal([]);
    expect(parseTemplate('/WhoAmI').parts).to.deep.equal(['/WhoAmI']);
  });

  it('finds placeholders on every line', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const text = `one${end} {{input.a}}${end}{{input.b}}`;
      const placeholders = parseTemplate(text).parts.filter((part) => typeof part === 'object');
      expect(placeholders.map(({ start, end: to }) => text.slice(start, to))).to.deep.equal([
        '{{input.a}}',
        '{{input.b}}',
      ]);
    }
  });

  const unsupported: readonly [what: string, text: string][] = [
    ['a block', '{{#if input.a}}x{{/if}}'],
    ['an inverse block', '{{^input.a}}x{{/input.a}}'],
    ['a helper call', '{{upper input.a}}'],
    ['a helper with options', '{{upper value=input.a}}'],
    ['triple braces', '{{{input.a}}}'],
    ['an ampersand', '{{&input.a}}'],
    ['a raw block', '{{{{raw}}}} x {{{{/raw}}}}'],
    ['a comment', '{{!-- note --}}'],
    ['a partial', '{{> part}}'],
    ['a decorator', '{{* note}}'],
    ['a literal', '{{"text"}}'],
    ['a number', '{{1}}'],
    ['a parent path', '{{../input}}'],
    ['a data variable', '{{@root.input}}'],
    ['a slash', '{{input/a}}'],
    ['a bracketed name', '{{input.[a b]}}'],
    ['white space control', '{{~input.a~}}'],
    ['an escaped placeholder', '\\{{input.a}}'],
    ['a name with leading underscores', '{{input.__proto__}}'],
    ['a doubled dot', '{{input..a}}'],
    ['a dash', '{{input.a-b}}'],
  ];
  for (const [what, text] of unsupported) {
    it(`rejects ${what}`, () => {
      expect(codesOf(`a ${text} b`)).to.include('T102');
      expect(parseTemplate(`a ${text} b`).parts).to.deep.equal([]);
    });
  }

  for (const text of ['{{', '{{input.a', '{{input.a}', '{{}}', '{{else}}', '{{/if}}']) {
    it(`reports ${text} as not valid, at its position`, () => {
      const whole = `x {{input.ok}} ${text}`;
      expect(codesOf(whole)).to.deep.equal(['T101']);
      expect(parseTemplate(whole).diagnostics[0]?.start).to.equal(15);
    });
  }

  const nested: readonly [what: string, text: string][] = [
    ['blocks', '{{#a}}'.repeat(8000)],
    ['closed blocks', '{{#a}}'.repeat(8000) + '{{/a}}'.repeat(8000)],
    ['helpers', `{{a ${'(a '.repeat(8000)}${')'.repeat(8000)}}}`],
  ];
  for (const [what, text] of nested) {
    it(`rejects 8,000 nested ${what} without delay, at the first`, () => {
      const { parts, diagnostics } = parseTemplate(`x ${text}`);
      expect(parts).to.deep.equal([]);
      expect(diagnostics.map(({ code, start }) => `${code} ${start}`)).to.deep.equal(['T101 2']);
    });
  }

  for (const text of ['{input.a}', '{ input.a }']) {
    it(`refuses ${text}, which is meant to be a placeholder`, () => {
      const [diagnostic] = parseTemplate(`x ${text}`).diagnostics;
      expect(diagnostic).to.include({
        severity: 'error',
        code: 'T103',
        start: 2,
        replacement: '{{input.a}}',
      });
    });
  }

  it('warns about single braces and keeps the text', () => {
    const { parts, diagnostics } = parseTemplate('{a} {{input.b}} }}');
    expect(diagnostics.map(({ severity, code }) => `${severity} ${code}`)).to.deep.equal([
      'warning T103',
      'warning T103',
      'warning T103',
    ]);
    expect(parts).to.have.length(3);
  });

  it('underlines only the single brace, not the placeholder behind it', () => {
    const [diagnostic] = parseTemplate('a}{{input.b}}').diagnostics;
    expect(diagnostic).to.include({ code: 'T103', start: 1, end: 2 });
  });

  it('keeps every character of a text that it accepts', () => {
    const fragments = fc.constantFrom(
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
      fc.property(fc.array(fragments, { maxLength: 12 }), (pieces) => {
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
