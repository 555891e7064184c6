import { insertText, type RepairRule } from './repair-context.ts';

/** Closes a parenthesis: before one of the following words, or at the end. */
export const closeParenthesis: RepairRule = ({ text, tokens, index }) => {
  const ends = tokens.slice(index).flatMap((token, offset) => {
    const before = tokens[index + offset - 1];
    const stops = token.kind === 'end' || /^(?:and|or|desc|asc|eq|ne|gt|ge|lt|le|[,;/)])$/.test(token.text);
    return stops && before ? [insertText(before.end, ')')] : [];
  });
  const missing =
    tokens.filter((token) => token.text === '(').length > tokens.filter((token) => token.text === ')').length;
  return missing ? [...ends.slice(0, 40), insertText(text.trimEnd().length, ')')] : [];
};

/** Opens a parenthesis before one of the preceding words, or removes the closing one. */
export const openParenthesis: RepairRule = ({ tokens, index }) => {
  const surplus =
    tokens.filter((token) => token.text === ')').length > tokens.filter((token) => token.text === '(').length;
  if (!surplus) return [];
  const starts = tokens
    .slice(0, index + 1)
    .filter(({ kind }) => kind !== 'symbol' && kind !== 'end')
    .map(({ start }) => insertText(start, '('));
  const closers = tokens
    .filter((token) => token.text === ')')
    .map(({ start, end }) => ({ start, end, text: '' }));
  const fused = tokens.slice(Math.max(0, index - 2), index + 1).flatMap(({ kind, text, start }) => {
    const name =
      kind === 'word'
        ? /^(contains|startswith|endswith|any|all|groupby|aggregate|filter)(?=.)/.exec(text)?.[0]
        : undefined;
    return name ? [insertText(start + name.length, '(')] : [];
  });
  const called = tokens
    .slice(0, index + 1)
    .filter(
      ({ kind, text }) =>
        kind === 'word' &&
        (/^(contains|startswith|endswith|any|all)$/.test(text) || text.startsWith('Microsoft.')),
    )
    .map(({ end }) => insertText(end, '('));
  return [...fused, ...called.reverse(), ...starts.reverse().slice(0, 30), ...closers.reverse()];
};
