import { suggest } from '../../../errors/suggest.ts';
import type { Edit } from '../../../model/diagnostic.ts';
import { crmNamespace, queryFunctions } from '../../query/query-functions.ts';
import type { Token } from '../../query/tokenize.ts';
import { unquoteString } from '../../quote-string.ts';
import {
  findClosings,
  nearbyTokens,
  type RepairContext,
  type RepairRule,
  replaceToken,
} from './repair-context.ts';

/** A call in a text: its arguments as written, and the comparison after it. */
interface TextCall {
  readonly name: string;
  readonly arguments: readonly string[];
  /** `eq 2024`: operator and value after the call, or empty. */
  readonly operator: string;
  readonly value: string;
}

interface RewrittenCall {
  readonly text: string;
  /** Whether the comparison after the call is replaced too. */
  readonly whole?: boolean;
}

/** Functions of other dialects -> the equivalent in Dataverse. */
const rewriters: Readonly<Record<string, (call: TextCall) => RewrittenCall | undefined>> = {
  tolower: firstArgument,
  toupper: firstArgument,
  trim: firstArgument,
  cast: firstArgument,
  substringof: ({ arguments: [part, column], operator, value }) =>
    negate(`contains(${column},${part})`, operator, value),
  indexof: ({ arguments: [column, part], operator, value }) => {
    const absent = (operator === 'eq' && value === '-1') || (operator === 'lt' && value === '0');
    return { text: `${absent ? 'not ' : ''}contains(${column},${part})`, whole: true };
  },
  length: ({ arguments: [column], operator, value }) => {
    if (value !== '0' && value !== '1') return undefined;
    return { text: `${column} ${operator === 'eq' || operator === 'lt' ? 'eq' : 'ne'} null`, whole: true };
  },
  year: ({ arguments: [column], operator, value }) => {
    if (operator !== 'eq' || !/^\d{4}$/.test(value)) return undefined;
    const next = Number(value) + 1;
    return {
      text: `(${column} ge ${value}-01-01T00:00:00Z and ${column} lt ${next}-01-01T00:00:00Z)`,
      whole: true,
    };
  },
  date: ({ arguments: [column], operator, value }) => {
    const name = new Map([
      ['eq', 'On'],
      ['ge', 'OnOrAfter'],
      ['le', 'OnOrBefore'],
    ]).get(operator);
    if (name === undefined) return undefined;
    return {
      text: `${crmNamespace}${name}(PropertyName='${column}',PropertyValue='${value.replaceAll("'", '')}')`,
      whole: true,
    };
  },
};

function firstArgument({ arguments: [column] }: TextCall): RewrittenCall | undefined {
  return column === undefined ? undefined : { text: column };
}

function negate(text: string, operator: string, value: string): RewrittenCall {
  const no = (operator === 'eq' && value === 'false') || (operator === 'ne' && value === 'true');
  return { text: no ? `not ${text}` : text, whole: true };
}

/** `tolower(title) eq 'x'` -> `title eq 'x'`; `substringof('x',title)` -> `contains(title,'x')`. */
export const otherDialectCalls: RepairRule = (context) =>
  findNearbyCalls(context).flatMap(({ call, start, end, whole }) => {
    const lower = call.name.toLowerCase();
    const rewritten = Object.hasOwn(rewriters, lower) ? rewriters[lower]?.(call) : undefined;
    return rewritten ? [{ start, end: rewritten.whole ? whole : end, text: rewritten.text }] : [];
  });

/** `contains(title,'x') eq true` -> `contains(title,'x')`. */
export const comparedCalls: RepairRule = (context) =>
  findNearbyCalls(context).flatMap(({ call, start, end, whole }): readonly Edit[] => {
    if (call.operator === '' || !/^(?:true|false)$/.test(call.value)) return [];
    const { text } = negate(context.text.slice(start, end), call.operator, call.value);
    return [{ start, end: whole, text }];
  });

/** `Today(…)` -> `Microsoft.Dynamics.CRM.Today(…)`, in the right case; `Betwen(…)` -> `Between(…)`. */
export const queryFunctionNames: RepairRule = (context) =>
  nearbyTokens(context).flatMap((token) => {
    const bare = token.text.slice(token.text.lastIndexOf('.') + 1).toLowerCase();
    const names = Object.keys(queryFunctions);
    const exact = names.find((name) => name.toLowerCase() === bare);
    const isCrm = token.text.startsWith(crmNamespace);
    const known = exact === undefined && isCrm ? suggest(bare, names) : [exact ?? []].flat();
    return known
      .map((name) => `${crmNamespace}${name}`)
      .filter((text) => token.kind === 'word' && text !== token.text)
      .map((text) => replaceToken(token, text));
  });

/** `x in ('a','b')` -> `Microsoft.Dynamics.CRM.In(…)`; `x like '%a%'` -> `contains(x,'a')`. */
export const otherDialectOperatorCalls: RepairRule = ({ text, tokens, index }) => {
  const at = tokens[index];
  const column = tokens[index - 1];
  if (at === undefined || column?.kind !== 'word') return [];
  if (at.text.toLowerCase() === 'in' && tokens[index + 1]?.text === '(') {
    const close = findClosings(tokens).get(index + 1) ?? -1;
    const closing = tokens[close];
    if (closing === undefined) return [];
    const values = tokens.slice(index + 2, close).filter((token) => token.text !== ',');
    const list = values.map(({ kind, text: value }) =>
      kind === 'string' ? JSON.stringify(unquoteString(value)) : `"${value}"`,
    );
    const call = `${crmNamespace}In(PropertyName='${column.text}',PropertyValues=[${list.join(',')}])`;
    return [{ start: column.start, end: closing.end, text: call }];
  }
  const pattern = tokens[index + 1];
  if (at.text.toLowerCase() !== 'like' || pattern?.kind !== 'string') return [];
  const plain = text.slice(pattern.start + 1, pattern.end - 1).replace(/^%|%$/g, '');
  return [{ start: column.start, end: pattern.end, text: `contains(${column.text},'${plain}')` }];
};

interface LocatedCall {
  readonly call: TextCall;
  readonly start: number;
  /** End of the call, and of the comparison that follows it. */
  readonly end: number;
  readonly whole: number;
}

/** An error is repaired in the calls around it; of many, in the innermost ones. */
const maxNearbyCalls = 8;

/** The calls that an error is in, and those whose comparison it is in. */
function findNearbyCalls({ text, tokens, index }: RepairContext): readonly LocatedCall[] {
  const closings = findClosings(tokens);
  const near = [...closings].filter(
    ([open, close]) => tokens[open - 1]?.kind === 'word' && open - 1 <= index && close + 3 >= index,
  );
  near.sort(([a], [b]) => a - b);
  return near.slice(-maxNearbyCalls).flatMap(([open, close]): readonly LocatedCall[] => {
    const [name, closing] = [tokens[open - 1], tokens[close]];
    if (name === undefined || closing === undefined) return [];
    const [operator, value] = [tokens[close + 1], tokens[close + 2]];
    const compared = operator !== undefined && /^(?:eq|ne|gt|ge|lt|le)$/.test(operator.text);
    return [
      {
        call: {
          name: name.text,
          arguments: splitArguments(text, tokens.slice(open, close + 1)),
          operator: compared ? operator.text : '',
          value: compared ? (value?.text ?? '') : '',
        },
        start: name.start,
        end: closing.end,
        whole: compared && value ? value.end : closing.end,
      },
    ];
  });
}

/** The arguments between the outer parentheses, split at the commas of that level. */
function splitArguments(text: string, tokens: readonly Token[]): readonly string[] {
  const cuts: number[] = [];
  let depth = 0;
  for (const { text: symbol, start } of tokens) {
    if (symbol === '(') depth++;
    if (symbol === ')') depth--;
    if (symbol === ',' && depth === 1) cuts.push(start);
  }
  const starts = [tokens[0]?.end ?? 0, ...cuts.map((cut) => cut + 1)];
  const ends = [...cuts, tokens.at(-1)?.start];
  return starts.map((start, index) => text.slice(start, ends[index]).trim());
}
