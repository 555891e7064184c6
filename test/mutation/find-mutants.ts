/** A small change of a source text that a test should notice. */
export interface Mutant {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What is replaced, and by what. Generics and arrows are no comparisons, so operators have blanks around them. */
const operators: readonly (readonly [RegExp, (found: string) => string])[] = [
  [/ === /g, () => ' !== '],
  [/ !== /g, () => ' === '],
  [/ && /g, () => ' || '],
  [/ \|\| /g, () => ' && '],
  [/ \?\? /g, () => ' && '],
  [/ <= /g, () => ' < '],
  [/ >= /g, () => ' > '],
  [/ < /g, () => ' <= '],
  [/ > /g, () => ' >= '],
  [/ \+ /g, () => ' - '],
  [/ - /g, () => ' + '],
  [/ \* /g, () => ' / '],
  [/\btrue\b/g, () => 'false'],
  [/\bfalse\b/g, () => 'true'],
  [/(?<=\bif \()(?=[^)])/g, () => '!('],
  [/(?<=[ (])!(?=[\w(])/g, () => ''],
  [/\bMath\.max\b/g, () => 'Math.min'],
  [/\bMath\.min\b/g, () => 'Math.max'],
  [/(?<=[=(,:] )\d[\d_]*\b(?=[,;)])/g, (found) => otherNumber(Number(found.replaceAll('_', '')))],
];

/** The next number; of durations and sizes twice as much, because one millisecond more is no other behavior. */
function otherNumber(number: number): string {
  return String(number < 1000 ? number + 1 : 2 * number);
}

/** The mutants of a file, in their order. Comments, imports and types are left alone. */
export function findMutants(source: string): readonly Mutant[] {
  const ignored = [
    ...source.matchAll(/\/\*[\s\S]*?\*\/|\/\/.*|^import [^;]*;|^(?:export )?(?:interface|type) [\s\S]*?^}/gm),
  ];
  const isIgnored = (at: number) =>
    ignored.some(({ index, 0: { length } }) => at >= index && at < index + length);
  const found = operators.flatMap(([pattern, replace]) =>
    [...source.matchAll(pattern)].map(({ index, 0: text }) => ({
      start: index,
      end: index + text.length,
      text: replace(text),
    })),
  );
  return found
    .filter(({ start }) => !isIgnored(start))
    .map((mutant) => (mutant.text === '!(' ? negated(source, mutant) : mutant))
    .sort((a, b) => a.start - b.start);
}

/** The condition of an `if`, negated as a whole. */
function negated(source: string, { start }: Mutant): Mutant {
  let depth = 1;
  let end = start;
  for (; depth > 0 && end < source.length; end += 1) {
    if (source[end] === '(') depth += 1;
    if (source[end] === ')') depth -= 1;
  }
  return { start, end: end - 1, text: `!(${source.slice(start, end - 1)})` };
}
