import { namespace, queryFunctions } from '../../query/functions.ts';
import type { Token } from '../../query/tokens.ts';
import type { Edit } from '../fault.ts';
import { closing, nearby, type Place, type Rule, replace } from './place.ts';

/** A call in a text: its arguments as written, and what it is compared with. */
interface Call {
  readonly name: string;
  readonly args: readonly string[];
  /** `eq 2024`: operator and value after the call, or empty. */
  readonly operator: string;
  readonly value: string;
}

interface Rewritten {
  readonly text: string;
  /** The comparison after the call is part of what was rewritten. */
  readonly whole?: boolean;
}

/** Functions of other dialects -> the same question in Dataverse's. */
const rewriters: Readonly<Record<string, (call: Call) => Rewritten | undefined>> = {
  tolower: first,
  toupper: first,
  trim: first,
  cast: first,
  substringof: ({ args: [part, column], operator, value }) =>
    negate(`contains(${column},${part})`, operator, value),
  indexof: ({ args: [column, part], operator, value }) => {
    const absent = (operator === 'eq' && value === '-1') || (operator === 'lt' && value === '0');
    return { text: `${absent ? 'not ' : ''}contains(${column},${part})`, whole: true };
  },
  length: ({ args: [column], operator, value }) => {
    if (value !== '0' && value !== '1') return undefined;
    return { text: `${column} ${operator === 'eq' || operator === 'lt' ? 'eq' : 'ne'} null`, whole: true };
  },
  year: ({ args: [column], operator, value }) => {
    if (operator !== 'eq' || !/^\d{4}$/.test(value)) return undefined;
    const next = Number(value) + 1;
    return {
      text: `(${column} ge ${value}-01-01T00:00:00Z and ${column} lt ${next}-01-01T00:00:00Z)`,
      whole: true,
    };
  },
  date: ({ args: [column], operator, value }) => {
    const name = new Map([
      ['eq', 'On'],
      ['ge', 'OnOrAfter'],
      ['le', 'OnOrBefore'],
    ]).get(operator);
    if (name === undefined) return undefined;
    return {
      text: `${namespace}${name}(PropertyName='${column}',PropertyValue='${value.replaceAll("'", '')}')`,
      whole: true,
    };
  },
};

function first({ args: [column] }: Call): Rewritten | undefined {
  return column === undefined ? undefined : { text: column };
}

function negate(text: string, operator: string, value: string): Rewritten {
  const no = (operator === 'eq' && value === 'false') || (operator === 'ne' && value === 'true');
  return { text: no ? `not ${text}` : text, whole: true };
}

/** `tolower(title) eq 'x'` -> `title eq 'x'`; `substringof('x',title)` -> `contains(title,'x')`. */
export const foreignCalls: Rule = (place) =>
  callsNear(place).flatMap(({ call, start, end, whole }) => {
    const lower = call.name.toLowerCase();
    const rewritten = Object.hasOwn(rewriters, lower) ? rewriters[lower]!(call) : undefined;
    return rewritten ? [{ start, end: rewritten.whole ? whole : end, text: rewritten.text }] : [];
  });

/** `contains(title,'x') eq true` -> `contains(title,'x')`. */
export const comparedCalls: Rule = (place) =>
  callsNear(place).flatMap(({ call, start, end, whole }): readonly Edit[] => {
    if (call.operator === '' || !/^(?:true|false)$/.test(call.value)) return [];
    const { text } = negate(place.text.slice(start, end), call.operator, call.value);
    return [{ start, end: whole, text }];
  });

/** `Today(…)` -> `Microsoft.Dynamics.CRM.Today(…)`, in the right case. */
export const queryFunctionNames: Rule = (place) =>
  nearby(place).flatMap((token) => {
    const bare = token.text.split('.').at(-1)!.toLowerCase();
    const known = Object.keys(queryFunctions).find((name) => name.toLowerCase() === bare);
    const text = known && `${namespace}${known}`;
    return text && token.kind === 'word' && text !== token.text ? [replace(token, text)] : [];
  });

/** `x in ('a','b')` -> `Microsoft.Dynamics.CRM.In(…)`; `x like '%a%'` -> `contains(x,'a')`. */
export const foreignOperators: Rule = ({ text, tokens, index }) => {
  const at = tokens[index];
  const column = tokens[index - 1];
  if (at === undefined || column?.kind !== 'word') return [];
  if (at.text.toLowerCase() === 'in' && tokens[index + 1]?.text === '(') {
    const close = closing(tokens, index + 1);
    if (close < 0) return [];
    const values = tokens.slice(index + 2, close).filter((token) => token.text !== ',');
    const list = values.map(({ kind, text: value }) =>
      kind === 'string' ? JSON.stringify(value.slice(1, -1).replaceAll("''", "'")) : `"${value}"`,
    );
    const call = `${namespace}In(PropertyName='${column.text}',PropertyValues=[${list.join(',')}])`;
    return [{ start: column.start, end: tokens[close]!.end, text: call }];
  }
  const pattern = tokens[index + 1];
  if (at.text.toLowerCase() !== 'like' || pattern?.kind !== 'string') return [];
  const plain = text.slice(pattern.start + 1, pattern.end - 1).replace(/^%|%$/g, '');
  return [{ start: column.start, end: pattern.end, text: `contains(${column.text},'${plain}')` }];
};

interface Found {
  readonly call: Call;
  readonly start: number;
  /** End of the call, and of the comparison that follows it. */
  readonly end: number;
  readonly whole: number;
}

function callsNear({ text, tokens, index }: Place): readonly Found[] {
  return tokens.flatMap((token, at): readonly Found[] => {
    if (token.kind !== 'word' || tokens[at + 1]?.text !== '(') return [];
    const close = closing(tokens, at + 1);
    // The fault lies in the call or in the comparison behind it.
    if (close < 0 || at > index || close + 3 < index) return [];
    const [operator, value] = [tokens[close + 1], tokens[close + 2]];
    const compared = operator !== undefined && /^(?:eq|ne|gt|ge|lt|le)$/.test(operator.text);
    return [
      {
        call: {
          name: token.text,
          args: argumentsOf(text, tokens.slice(at + 1, close + 1)),
          operator: compared ? operator.text : '',
          value: compared ? (value?.text ?? '') : '',
        },
        start: token.start,
        end: tokens[close]!.end,
        whole: compared && value ? value.end : tokens[close]!.end,
      },
    ];
  });
}

/** The pieces between the outer parentheses, cut at the commas of that level. */
function argumentsOf(text: string, tokens: readonly Token[]): readonly string[] {
  const cuts: number[] = [];
  let depth = 0;
  for (const { text: sign, start } of tokens) {
    if (sign === '(') depth++;
    if (sign === ')') depth--;
    if (sign === ',' && depth === 1) cuts.push(start);
  }
  const starts = [tokens[0]!.end, ...cuts.map((cut) => cut + 1)];
  const ends = [...cuts, tokens.at(-1)!.start];
  return starts.map((start, index) => text.slice(start, ends[index]).trim());
}
