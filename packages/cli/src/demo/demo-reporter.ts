import { wrapText } from '../cell-text.ts';
import type { Terminal } from '../terminal.ts';

/** Prints the steps of the demo: text on a terminal, JSON Lines with --json. */
export interface DemoReporter {
  /** The width that the lines of a step have: the terminal's, without the indent. */
  readonly lineWidth: number;
  printTitle(text: string): void;
  /** Runs a step and prints its name with the lines that `work` passes to `addLine`. */
  runStep<T>(name: string, work: (addLine: (text: string) => void) => Promise<T>): Promise<T>;
  printNextCommands(commands: readonly (readonly [command: string, description: string])[]): void;
}

const indent = ' '.repeat(13);
/** The lines of a very narrow terminal are broken by the terminal itself. */
const minLineWidth = 20;

export function createDemoReporter(terminal: Terminal): DemoReporter {
  const { style } = terminal;
  const lineWidth = Math.max(minLineWidth, terminal.width - indent.length);
  return {
    lineWidth,
    printTitle(text) {
      if (!terminal.json) terminal.print(`\n${style('bold', text)}\n`);
    },
    async runStep(name, work) {
      const lines: string[] = [];
      const result = await terminal.withSpinner(name, () => work((text) => lines.push(text)));
      if (terminal.json) terminal.printJson({ step: name, lines });
      else {
        const [first = '', ...others] = lines.flatMap((text) => wrapText(text, lineWidth));
        terminal.print(`${style('green', '✔')} ${style('bold', name.padEnd(10))} ${first}`);
        for (const line of others) terminal.print(`${indent}${line}`);
      }
      return result;
    },
    printNextCommands(commands) {
      if (terminal.json) return;
      terminal.print(`\n${style('bold', 'Next')}`);
      for (const [command, description] of commands)
        terminal.print(`  ${style('cyan', command)}\n      ${description}`);
      terminal.print('');
    },
  };
}
