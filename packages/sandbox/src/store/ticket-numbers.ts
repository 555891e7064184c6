import type { Database } from './database.ts';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const digits = '0123456789';

/** Creates ticket numbers for cases, `CAS-01000-X1Y2Z3`: a sequence number and six random characters. */
export function createTicketNumbers(database: Database, random: () => number): () => string {
  let last = 999 + database.count('SELECT count(*) AS n FROM "incident"');
  const randomCharacter = (characters: string) => characters[Math.floor(random() * characters.length)];
  return () => {
    last += 1;
    const characters = [letters, digits, letters, digits, letters, digits].map(randomCharacter).join('');
    return `CAS-${`${last}`.padStart(5, '0')}-${characters}`;
  };
}
