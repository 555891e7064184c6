import type { Database } from './database.ts';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const digits = '0123456789';

/** Numbers for new cases, `CAS-01000-X1Y2Z3`: a running number and six signs that nobody guesses. */
export function createTicketNumbers(database: Database, random: () => number): () => string {
  let last = 999 + (database.get('SELECT count(*) AS n FROM "incident"')!.n as number);
  const randomCharacter = (characters: string) => characters[Math.floor(random() * characters.length)];
  return () => {
    last += 1;
    const characters = [letters, digits, letters, digits, letters, digits].map(randomCharacter).join('');
    return `CAS-${`${last}`.padStart(5, '0')}-${characters}`;
  };
}
