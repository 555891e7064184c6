import type { Terminal } from '../terminal.ts';

/** Tells what happens, a step at a time: a short story on a terminal, JSON Lines with --json. */
export interface Story {
  title(text: string): void;
  /** A step, with the facts that came of it. */
  step<T>(name: string, work: (fact: (text: string) => void) => Promise<T>): Promise<T>;
  next(lines: readonly (readonly [command: string, what: string])[]): void;
}

const indent = ' '.repeat(13);

/** A story for this terminal. */
export function createStory(terminal: Terminal): Story {
  const { style } = terminal;
  return {
    title(text) {
      if (!terminal.json) terminal.out(`\n${style('bold', text)}\n`);
    },
    async step(name, work) {
      const facts: string[] = [];
      const result = await terminal.during(name, () => work((text) => facts.push(text)));
      if (terminal.json) terminal.out(JSON.stringify({ step: name, facts }));
      else {
        const [first = '', ...rest] = facts.flatMap((fact) => fact.split('\n'));
        terminal.out(`${style('green', '✔')} ${style('bold', name.padEnd(10))} ${first}`);
        for (const line of rest) terminal.out(`${indent}${line}`);
      }
      return result;
    },
    next(lines) {
      if (terminal.json) return;
      terminal.out(`\n${style('bold', 'Next')}`);
      for (const [command, what] of lines) terminal.out(`  ${style('cyan', command)}\n      ${what}`);
      terminal.out('');
    },
  };
}
