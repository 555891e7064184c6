import stringWidth from 'string-width';

/** The sequences that spinners and colors use; others fail, so that no test overlooks them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's sequences begin with Escape.
const sequence = /\u001b\[(\??[\d;]*)([A-Za-z])/y;

/**
 * The lines that a terminal shows after it received a text: lines longer than `columns` are broken, spinners are erased.
 *
 * @throws Error for a control sequence that `d365` does not use
 */
export function renderScreen(text: string, columns: number): readonly string[] {
  const lines: string[][] = [[]];
  let row = 0;
  let column = 0;
  const line = () => {
    while (lines.length <= row) lines.push([]);
    return lines[row] as string[];
  };
  for (let at = 0; at < text.length; ) {
    sequence.lastIndex = at;
    const found = sequence.exec(text);
    if (found !== null) {
      const [all, parameter = '', letter = ''] = found;
      const count = Number(parameter) || 1;
      if (letter === 'K') line().splice(parameter === '2' ? 0 : column);
      else if (letter === 'J') {
        line().splice(column);
        lines.splice(row + 1);
      } else if (letter === 'A') row = Math.max(0, row - count);
      else if (letter === 'G') column = count - 1;
      else if (!'mhl'.includes(letter)) throw new Error(`control sequence ${JSON.stringify(all)}`);
      at += all.length;
      continue;
    }
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    at += character.length;
    if (character === '\n') row += 1;
    else if (character === '\r') column = 0;
    else if (/\p{Cc}/u.test(character)) throw new Error(`control character ${JSON.stringify(character)}`);
    else {
      const width = stringWidth(character);
      if (column + width > columns) {
        row += 1;
        column = 0;
      }
      const cells = line();
      while (cells.length < column) cells.push(' ');
      cells.splice(column, width, character, ...Array.from({ length: Math.max(0, width - 1) }, () => ''));
      column += width;
    }
  }
  return lines.map((cells) => cells.join('').trimEnd());
}
