import type { TextMatch } from '../query/ast.ts';
import { quoteString } from '../quote-string.ts';
import { type CheckContext, report } from './check-context.ts';

/** In contains, startswith and endswith `%` stands for any text; some uses of it are hardly meant. */
export function checkWildcards(context: CheckContext, { name, value }: TextMatch): void {
  const { value: text } = value;
  if (/^%*$/.test(text)) {
    report(context, value, {
      severity: 'warning',
      code: 'Q130',
      message: `${name}() with ${text === '' ? 'an empty text' : 'only wildcards'} matches every row that has a value.`,
      fix: 'Give some text, or write ne null.',
    });
    return;
  }
  const trailing = name !== 'endswith' && text.endsWith('%') && !text.endsWith('[%');
  const leading = name !== 'startswith' && text.startsWith('%');
  if (!trailing && !leading) return;
  const plain = text.replace(leading ? /^%+/ : /^/, '').replace(trailing ? /%+$/ : /$/, '');
  report(context, value, {
    severity: 'warning',
    code: 'Q131',
    message: `A wildcard at the ${trailing ? 'end' : 'beginning'} does nothing in ${name}(), which looks there by itself.`,
    fix: `Leave it out; a percent sign that is meant as one is written [%].`,
    text: quoteString(plain),
  });
}
