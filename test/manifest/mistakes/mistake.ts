/** A mistake of an author: one file, and what must be reported for it. */
export interface Mistake {
  readonly name: string;
  readonly file: string;
  readonly text: string;
  readonly code: string;
  /** The underlined text. */
  readonly at: string;
  /** The message names the cause. */
  readonly says: RegExp;
  readonly fix?: RegExp;
  /** The text that the edit writes, where the fix is certain. */
  readonly edit?: string;
  /** The text underlined at the second place. */
  readonly related?: string;
}

type Expectation = Omit<Mistake, 'name' | 'file' | 'text'>;

/** A mistake made by replacing a piece of a text that has no mistakes. */
export function change(
  file: string,
  text: string,
): (name: string, from: string, to: string, expected: Expectation) => Mistake {
  return (name, from, to, expected) => {
    if (!text.includes(from)) throw new Error(`${file} has no "${from}" (${name})`);
    return { name, file, text: text.replace(from, () => to), ...expected };
  };
}
