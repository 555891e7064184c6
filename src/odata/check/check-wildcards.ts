import { trimEnd } from '../../model/trim-end.ts';
import type { TextMatch } from '../query/ast.ts';
import { quoteString } from '../quote-string.ts';
import { type CheckContext, report } from './check-context.ts';

/** Warns about `%` in contains, startswith and endswith, where it is a wildcard, if its effect is probably not intended. */
export function checkWildcards(context: CheckContext, { name, value }: TextMatch): void {
  const { value: text } = value;
  if (/^%*$/.test(text)) {
    report(context, value, {
      severity: 'warning',
      code: 'Q130',
      message: `${name}() with ${text === '' ? 'an empty text' : 'only wildcards'} matches every row that has a value.`,
      fix: 'Write some text, or use ne null.',
    });
    return;
  }
  const trailing = name !== 'endswith' && text.endsWith('%') && !text.endsWith('[%');
  const leading = name !== 'startswith' && text.startsWith('%');
  if (!trailing && !leading) return;
  const start = text.replace(leading ? /^%+/ : /^/, '');
  report(context, value, {
    severity: 'warning',
    code: 'Q131',
    message: `A wildcard at the ${trailing ? 'end' : 'beginning'} has no effect in ${name}().`,
    fix: `Remove it. For a percent sign, write [%].`,
    text: quoteString(trailing ? trimEnd(start, '%') : start),
  });
}
